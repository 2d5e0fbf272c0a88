using System.Globalization;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>Addresses and node ports for the clusters of this process: what one has, no other gets. Other processes most likely begin elsewhere.</summary>
internal static class TestRanges
{
    private const int Quarter = 20 * 256; // second bytes from 200 to 219, and from 220 to 239, times third bytes
    private const int ServiceRanges = 16 * 256;
    private const int ChosenNodePorts = 80;
    private static int pods = Random.Shared.Next(Quarter);
    private static int manyPods = Random.Shared.Next(Quarter / 4);
    private static int services = Random.Shared.Next(ServiceRanges);
    private static int nodePorts = Random.Shared.Next(ChosenNodePorts);

    /// <summary>A /24 for the pods of one node.</summary>
    public static string Pods() => Range(200, Next(ref pods, Quarter), 24);

    /// <summary>A /22 for the pods of up to four nodes.</summary>
    public static string PodsOfFourNodes() => Range(220, Next(ref manyPods, Quarter / 4) * 4, 22);

    /// <summary>A /24 for services.</summary>
    public static string Services() => Range(112, Next(ref services, ServiceRanges), 24);

    /// <summary>A port of the node, of those that are left to who chooses one: no cluster draws it while it has others.</summary>
    public static int NodePort() => 30_000 + Next(ref nodePorts, ChosenNodePorts);

    private static string Range(int second, int offset, int length) => string.Create(CultureInfo.InvariantCulture, $"10.{second + (offset / 256)}.{offset % 256}.0/{length}");

    private static int Next(ref int last, int count) => (int)((uint)Interlocked.Increment(ref last) % count);
}

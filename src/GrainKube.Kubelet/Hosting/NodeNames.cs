using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Hosting;

/// <summary>Names and ranges of the simulated nodes of a silo.</summary>
internal static class NodeNames
{
    public static string Simulated(string silo, int index) => string.Create(CultureInfo.InvariantCulture, $"{silo}{NodeSilo.SimulatedInfix}{index:d4}");

    /// <returns>The number of a simulated node, or null for a real one.</returns>
    public static int? IndexOf(string silo, string node) =>
        node.Length > silo.Length && NodeSilo.Of(node) == silo ? int.Parse(node[(silo.Length + NodeSilo.SimulatedInfix.Length)..], CultureInfo.InvariantCulture) : null;

    /// <summary>The /24 of a simulated node, taken from the range in order and round again at its end.</summary>
    public static string CidrOf(string range, int index)
    {
        var network = IPNetwork.Parse(range);
        var nets = 1u << (24 - network.PrefixLength);
        var first = BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes());
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, first + (((uint)index % nets) << 8));
        return $"{new IPAddress(bytes)}/24";
    }
}

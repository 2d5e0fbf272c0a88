using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.PodStatus;
using k8s.Models;

namespace GrainKube.Kubelet.Resources;

/// <summary>Turns requests and limits into what the kernel is asked for.</summary>
internal static class ContainerLimits
{
    /// <summary>The score of what the node keeps as long as it can.</summary>
    private const int Protected = -997;

    /// <summary>Pods of this priority and above are the cluster's own.</summary>
    private const int Critical = 2_000_000_000;
    private const long Period = 100_000;
    private const long LeastQuota = 1_000;
    private const long LeastShares = 2;
    private const long MostShares = 262_144;

    /// <param name="spec">The pod, for its quality of service.</param>
    /// <param name="container">The container.</param>
    /// <param name="nodeMemory">Memory of the node in bytes.</param>
    public static ContainerResources Of(V1PodSpec spec, V1Container container, long nodeMemory)
    {
        var requested = Milli(container.Resources?.Requests, "cpu");
        var limited = Milli(container.Resources?.Limits, "cpu");
        if (requested == 0 && limited > 0)
        {
            requested = limited;
        }

        return new ContainerResources
        {
            CpuShares = Math.Clamp(requested * 1024 / 1000, LeastShares, MostShares),
            CpuPeriod = limited > 0 ? Period : 0,
            CpuQuota = limited > 0 ? Math.Max(limited * Period / 1000, LeastQuota) : 0,
            MemoryBytes = Bytes(container.Resources?.Limits, "memory"),
            OomScoreAdjust = spec.Priority >= Critical ? Protected : OomScore(QosClass.Of(spec), Bytes(container.Resources?.Requests, "memory"), nodeMemory),
        };
    }

    /// <summary>Who asked for less is killed first, who got a promise last. A runtime whose host forbids negative scores takes 0 for them.</summary>
    internal static int OomScore(string qos, long requested, long nodeMemory) => qos switch
    {
        "Guaranteed" => Protected,
        "BestEffort" => 1000,
        _ when nodeMemory <= 0 => 999,
        _ => (int)Math.Clamp(1000 - (1000 * requested / nodeMemory), 3, 999),
    };

    public static long Milli(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal() * 1000) : 0;

    public static long Bytes(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var quantity) ? (long)Math.Ceiling(quantity.ToDecimal()) : 0;
}

using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.PodStatus;
using k8s.Models;

namespace GrainKube.Kubelet.Resources;

/// <summary>Turns requests and limits into what the kernel is asked for. A container without a limit of its own has the pod's.</summary>
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
        var limited = Either(Milli(container.Resources?.Limits, "cpu"), Milli(spec.Resources?.Limits, "cpu"));
        return Of(Either(Milli(container.Resources?.Requests, "cpu"), limited), limited, Either(Bytes(container.Resources?.Limits, "memory"), Bytes(spec.Resources?.Limits, "memory"))) with
        {
            OomScoreAdjust = spec.Priority >= Critical ? Protected : OomScore(QosClass.Of(spec), MemoryThatProtects(spec, container), nodeMemory),
        };
    }

    /// <summary>What bounds all containers of a pod together; null for a pod that says nothing as a whole.</summary>
    /// <remarks>A resource that the pod does not limit is limited where all of its containers are.</remarks>
    public static ContainerResources? OfPod(V1PodSpec spec)
    {
        if (spec.Resources is not { } whole || (whole.Requests?.Count ?? 0) + (whole.Limits?.Count ?? 0) == 0)
        {
            return null;
        }

        var limits = PodRequests.LimitsOf(spec);
        return Of(PodRequests.Of(spec).GetValueOrDefault("cpu"), Limit("cpu"), Limit("memory"));

        long Limit(string name) =>
            whole.Limits?.ContainsKey(name) == true || spec.Containers.All(c => c.Resources?.Limits?.ContainsKey(name) == true)
                ? limits.GetValueOrDefault(name) + (spec.Overhead is { } overhead && overhead.TryGetValue(name, out var more) ? PodRequests.Amount(name, more) : 0)
                : 0;
    }

    private static ContainerResources Of(long milliRequested, long milliLimited, long memory) => new()
    {
        CpuShares = Math.Clamp(milliRequested * 1024 / 1000, LeastShares, MostShares),
        CpuPeriod = milliLimited > 0 ? Period : 0,
        CpuQuota = milliLimited > 0 ? Math.Max(milliLimited * Period / 1000, LeastQuota) : 0,
        MemoryBytes = memory,
    };

    private static long Either(long own, long other) => own > 0 ? own : other;

    /// <summary>
    /// The memory by which a container is spared: what it asks for, and its share of what the pod asks for beyond its containers. A sidecar is spared like the least of the main containers at least:
    /// it has to outlive them.
    /// </summary>
    private static long MemoryThatProtects(V1PodSpec spec, V1Container container)
    {
        var beyond = Bytes(spec.Resources?.Requests, "memory") is > 0 and var whole ? (whole - PodRequests.OfContainers(spec).GetValueOrDefault("memory")) / (spec.Containers.Count + (spec.InitContainers?.Count ?? 0)) : 0;
        var own = Bytes(container.Resources?.Requests, "memory");
        var least = container.IsSidecar() && (spec.InitContainers ?? []).Contains(container) ? spec.Containers.Min(c => Bytes(c.Resources?.Requests, "memory")) : 0;
        return beyond + Math.Max(own, least);
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

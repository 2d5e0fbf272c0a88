using GrainKube.Kubelet.Runtime;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Usage;

/// <summary>What everything had used at a moment.</summary>
/// <param name="Time">The moment.</param>
/// <param name="Host">The machine; null for a node that only pretends.</param>
/// <param name="Containers">Running containers.</param>
internal sealed record UsageSample(DateTimeOffset Time, HostUsage? Host, IReadOnlyDictionary<string, (ContainerState State, ContainerUsage Usage)> Containers)
{
    /// <summary>Use between two moments. A container that started in between counts from its start.</summary>
    public NodeUsage Since(UsageSample before)
    {
        var pods = Containers.Values.GroupBy(c => c.State.PodUid).Select(pod => new PodUsage(
            pod.Key,
            pod.First().State.Namespace,
            pod.First().State.PodName,
            [.. pod.Select(c => Rate(c.State, c.Usage, before)).OrderBy(c => c.Name, StringComparer.Ordinal)])).ToList();
        return new NodeUsage
        {
            Time = Time,
            Window = Time - before.Time,
            CpuNanocores = Host is { } now && before.Host is { } then
                ? PerSecond(now.CpuNanoseconds, then.CpuNanoseconds, Time - before.Time) : pods.Sum(p => p.Containers.Sum(c => c.CpuNanocores)),
            MemoryBytes = Host?.MemoryBytes ?? pods.Sum(p => p.Containers.Sum(c => c.MemoryBytes)),
            Pods = pods,
        };
    }

    private static ContainerUsageRate Rate(ContainerState state, ContainerUsage usage, UsageSample before)
    {
        var known = before.Containers.TryGetValue(state.Id, out var then);
        var since = known ? then.Usage.Time : state.StartedAt ?? before.Time;
        return new ContainerUsageRate(state.Name, PerSecond(usage.CpuNanoseconds, known ? then.Usage.CpuNanoseconds : 0, usage.Time - since), (long)usage.WorkingSetBytes);
    }

    private static long PerSecond(ulong now, ulong then, TimeSpan between) =>
        now <= then || between <= TimeSpan.Zero ? 0 : (long)((now - then) / between.TotalSeconds);
}

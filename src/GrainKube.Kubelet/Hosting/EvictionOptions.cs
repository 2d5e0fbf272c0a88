using GrainKube.Kubelet.Pressure;

namespace GrainKube.Kubelet.Hosting;

/// <summary>When a node is short of memory, disk or process numbers, and pods must go. Thresholds are written as for upstream's flags.</summary>
public sealed record EvictionOptions
{
    /// <summary>
    /// Pods go at once. Upstream's defaults are <c>memory.available&lt;100Mi,nodefs.available&lt;10%,nodefs.inodesFree&lt;5%,imagefs.available&lt;15%</c>; here a disk that is shared with everything
    /// else on a developer's machine is short when a gigabyte is left, whatever share of it that is.
    /// </summary>
    public string Hard { get; init; } = "memory.available<100Mi,nodefs.available<1Gi,nodefs.inodesFree<1%,imagefs.available<1Gi,imagefs.inodesFree<1%";

    /// <summary>Pods go with their own grace, once it was so for <see cref="SoftGracePeriod"/>. Default: none.</summary>
    public string Soft { get; init; } = "";

    /// <summary>For each soft threshold, how long: <c>memory.available=1m30s</c>.</summary>
    public string SoftGracePeriod { get; init; } = "";

    /// <summary>How much more must be left before it is enough again: <c>nodefs.available=500Mi</c>. Default: none.</summary>
    public string MinimumReclaim { get; init; } = "";

    /// <summary>Most grace that a pod gets at a soft threshold. Default: none.</summary>
    public TimeSpan MaxPodGracePeriod { get; init; }

    /// <summary>How long the Node's condition says so after the shortage is over. Default: 5 minutes.</summary>
    public TimeSpan PressureTransitionPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first mistake, or null.</summary>
    public string? Complaint()
    {
        try
        {
            _ = Parse();
            return PressureTransitionPeriod < TimeSpan.Zero ? "the eviction pressure transition period must not be negative"
                : MaxPodGracePeriod < TimeSpan.Zero ? "the eviction max pod grace period must not be negative"
                : null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }

    internal IReadOnlyList<Threshold> Parse() => Thresholds.Parse(Hard, Soft, SoftGracePeriod, MinimumReclaim);
}

namespace GrainKube.Kubelet.Hosting;

/// <summary>When images that nobody uses are removed from the engine.</summary>
public sealed record ImageCollectionOptions
{
    /// <summary>Percent of the engine's disk in use at which collection begins. Default: 85, upstream's.</summary>
    public int HighThresholdPercent { get; init; } = 85;

    /// <summary>Percent to which it frees. Default: 80.</summary>
    public int LowThresholdPercent { get; init; } = 80;

    /// <summary>An image that is here for less long is about to be used. Default: 2 minutes.</summary>
    public TimeSpan MinimumAge { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Images that this node did not pull are removed as well. Dangerous where the engine is not the node's alone: an image that was built here can not be had again. Default: false.
    /// </summary>
    public bool Foreign { get; init; }

    /// <summary>The first mistake, or null.</summary>
    public string? Complaint() =>
        HighThresholdPercent is < 0 or > 100 ? $"invalid HighThresholdPercent {HighThresholdPercent}, must be in range [0-100]"
        : LowThresholdPercent is < 0 or > 100 ? $"invalid LowThresholdPercent {LowThresholdPercent}, must be in range [0-100]"
        : LowThresholdPercent > HighThresholdPercent ? $"LowThresholdPercent {LowThresholdPercent} can not be higher than HighThresholdPercent {HighThresholdPercent}"
        : MinimumAge < TimeSpan.Zero ? $"invalid minimum age {MinimumAge}, must not be negative"
        : null;
}

using System.CommandLine;
using GrainKube.Hosting;
using GrainKube.Kubelet.Hosting;

namespace GrainKube.Server;

/// <summary>The flags of this machine's node about room for pods and images, under the names that the kubelet's have upstream.</summary>
internal static class NodeFlags
{
    private static readonly EvictionOptions Evictions = new();
    private static readonly ImageCollectionOptions Images = new();

    private static readonly Option<string> Hard = Text("--eviction-hard", "What must be left, or pods are evicted at once: signal<quantity or percentage, comma-separated", Evictions.Hard);
    private static readonly Option<string> Soft = Text("--eviction-soft", "What must be left, or pods are evicted with grace after a while", Evictions.Soft);
    private static readonly Option<string> SoftGrace = Text("--eviction-soft-grace-period", "How long it may be less than that: signal=duration", Evictions.SoftGracePeriod);
    private static readonly Option<string> Reclaim = Text("--eviction-minimum-reclaim", "How much more must be left before it is enough again: signal=quantity", Evictions.MinimumReclaim);
    private static readonly Option<int> MaxGrace = new("--eviction-max-pod-grace-period") { Description = "Most seconds that a pod has to end when a soft threshold is crossed", DefaultValueFactory = _ => (int)Evictions.MaxPodGracePeriod.TotalSeconds };
    private static readonly Option<string> Transition = Text("--eviction-pressure-transition-period", "How long the node's condition stays after the shortage is over", "5m");
    private static readonly Option<int> ImagesHigh = new("--image-gc-high-threshold") { Description = "Percent of the engine's disk in use at which unused images are removed", DefaultValueFactory = _ => Images.HighThresholdPercent };
    private static readonly Option<int> ImagesLow = new("--image-gc-low-threshold") { Description = "Percent in use to which they are", DefaultValueFactory = _ => Images.LowThresholdPercent };
    private static readonly Option<string> ImageAge = Text("--minimum-image-ttl-duration", "How long an image stays at least", "2m");
    private static readonly Option<bool> Foreign = new("--image-gc-foreign") { Description = "Remove images that this node did not pull, too; for an engine that is the node's alone" };

    public static IReadOnlyList<Option> All { get; } = [Hard, Soft, SoftGrace, Reclaim, MaxGrace, Transition, ImagesHigh, ImagesLow, ImageAge, Foreign];

    public static string? Complaint(ParseResult parsed) =>
        AuditFlags.Time(parsed.GetValue(Transition)!) is null ? $"--eviction-pressure-transition-period '{parsed.GetValue(Transition)}' is no time"
        : AuditFlags.Time(parsed.GetValue(ImageAge)!) is null ? $"--minimum-image-ttl-duration '{parsed.GetValue(ImageAge)}' is no time"
        : EvictionOf(parsed).Complaint() ?? ImagesOf(parsed).Complaint();

    public static GrainKubeOptions Apply(ParseResult parsed, GrainKubeOptions options) => options with { Eviction = EvictionOf(parsed), Images = ImagesOf(parsed) };

    private static EvictionOptions EvictionOf(ParseResult parsed) => new()
    {
        Hard = parsed.GetValue(Hard)!,
        Soft = parsed.GetValue(Soft)!,
        SoftGracePeriod = parsed.GetValue(SoftGrace)!,
        MinimumReclaim = parsed.GetValue(Reclaim)!,
        MaxPodGracePeriod = TimeSpan.FromSeconds(parsed.GetValue(MaxGrace)),
        PressureTransitionPeriod = AuditFlags.Time(parsed.GetValue(Transition)!)!.Value,
    };

    private static ImageCollectionOptions ImagesOf(ParseResult parsed) => new()
    {
        HighThresholdPercent = parsed.GetValue(ImagesHigh),
        LowThresholdPercent = parsed.GetValue(ImagesLow),
        MinimumAge = AuditFlags.Time(parsed.GetValue(ImageAge)!)!.Value,
        Foreign = parsed.GetValue(Foreign),
    };

    private static Option<string> Text(string name, string description, string value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}

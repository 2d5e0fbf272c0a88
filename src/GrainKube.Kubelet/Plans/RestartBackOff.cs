using System.Globalization;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Plans;

/// <summary>
/// How long a container that ended waits for its restart: not at all the first time, then 10 s, doubled up to 300 s, and from the start again after it ran for 10 minutes.
/// </summary>
/// <remarks>The level is a label of the container, so that a kubelet that was restarted knows it.</remarks>
internal static class RestartBackOff
{
    public const string Label = "grainkube.io/backoff-level";

    private static readonly BackOff Pauses = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(300));
    private static readonly TimeSpan Forgiven = Pauses.Longest * 2;

    /// <summary>The pause after the end of this instance.</summary>
    public static TimeSpan After(ContainerState ended) => RanLong(ended) ? TimeSpan.Zero : Delay(LevelOf(ended));

    /// <summary>The level of the instance that follows this one.</summary>
    public static int NextLevel(ContainerState ended) => RanLong(ended) ? 1 : Math.Min(LevelOf(ended) + 1, 20);

    /// <summary>The pause of a level, 0 being none.</summary>
    public static TimeSpan Delay(int level) => Pauses.After(level);

    private static int LevelOf(ContainerState container) =>
        container.Labels.TryGetValue(Label, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 0;

    private static bool RanLong(ContainerState container) =>
        container is { StartedAt: { } started, FinishedAt: { } finished } && finished - started > Forgiven;
}

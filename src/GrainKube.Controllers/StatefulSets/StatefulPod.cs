using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>One of a stateful set's pods as the plan sees it.</summary>
internal sealed class StatefulPod(KubeObject item, int ordinal, int minReadySeconds, DateTimeOffset now)
{
    /// <summary>A pod that fails at once, because its node rejects it, is made again once a second at most.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    private readonly PodFacts facts = PodFacts.Of(item);

    public KubeObject Item => item;

    public int Ordinal => ordinal;

    /// <summary>Name of the ControllerRevision that it was made from.</summary>
    public string Revision => item.Header.Labels.GetValueOrDefault(StatefulSetLabels.Revision) ?? "";

    public bool IsTerminating => facts.IsTerminating;

    /// <summary>Succeeded counts too: what an evicted or shot pod ends as is up to its containers.</summary>
    public bool IsFinished => facts.IsFinished;

    public bool IsFailed => facts.Phase == "Failed";

    public bool IsPending => facts.Phase == "Pending";

    public bool IsRunningAndReady => facts is { Phase: "Running", IsReady: true };

    public bool IsAvailable => IsRunningAndReady && facts.IsAvailable(minReadySeconds, now);

    public bool IsHealthy => IsRunningAndReady && !IsTerminating;

    /// <summary>How long a finished pod must stay before it is replaced; null where it need not.</summary>
    public TimeSpan? ReplaceableIn => IsFinished && !IsTerminating && item.Header.CreationTimestamp + ShortestLife - now is { Ticks: > 0 } left ? left : null;

    /// <summary>When time alone changes what is to be done with it.</summary>
    public TimeSpan? NextLook => ReplaceableIn ?? AvailableIn;

    private TimeSpan? AvailableIn => IsRunningAndReady && !IsAvailable && facts.ReadySince is { } since ? since.AddSeconds(minReadySeconds) - now : null;
}

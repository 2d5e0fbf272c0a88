using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>One of a daemon set's pods as the plans see it.</summary>
internal sealed class DaemonPod(KubeObject item, string hash, int minReadySeconds, DateTimeOffset now)
{
    private readonly PodFacts facts = PodFacts.Of(item);

    public KubeObject Item => item;

    /// <summary>The node it runs on or is meant for; empty where it says neither.</summary>
    public string Node { get; } = PodFacts.Of(item).NodeName is { Length: > 0 } bound ? bound : item.Derive(DaemonTarget.Of).Node;

    /// <summary>It is of the present template.</summary>
    public bool IsUpdated { get; } = item.Header.Labels.TryGetValue(DaemonSetLabels.RevisionHash, out var own) && own == hash;

    public bool IsTerminating => facts.IsTerminating;

    public bool IsFailed => facts.Phase == "Failed";

    public bool IsSucceeded => facts.Phase == "Succeeded";

    public bool IsFinished => facts.IsFinished;

    public bool IsBound => facts.NodeName.Length > 0;

    public bool IsReady => facts.IsReady;

    public bool IsAvailable => facts.IsAvailable(minReadySeconds, now);

    /// <summary>How long until age alone makes it available; null where it is, or is not ready.</summary>
    public TimeSpan? AvailableIn => IsReady && !IsAvailable && facts.ReadySince is { } since ? since.AddSeconds(minReadySeconds) - now : null;

    /// <summary>The oldest first; bound ones before all others.</summary>
    public static IOrderedEnumerable<DaemonPod> InOrder(IEnumerable<DaemonPod> pods) => pods
        .OrderBy(p => p.IsBound ? 0 : 1)
        .ThenBy(p => p.Item.Header.CreationTimestamp)
        .ThenBy(p => p.Item.Header.Name, StringComparer.Ordinal);
}

/// <summary>The node that a pod's required affinity names by <c>metadata.name</c>; read once from each version.</summary>
internal sealed record DaemonTarget(string Node)
{
    public static DaemonTarget Of(KubeObject pod) => new(
        pod.As<V1Pod>().Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms?
            .SelectMany(t => t.MatchFields ?? [])
            .FirstOrDefault(f => f is { Key: "metadata.name", OperatorProperty: "In", Values.Count: 1 })?.Values[0] ?? "");
}

using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Controllers.Deployments;

/// <summary>One of a deployment's ReplicaSets as the plan sees it.</summary>
/// <param name="Item">The object.</param>
/// <param name="Spec">Wanted replicas.</param>
/// <param name="Actual"><c>status.replicas</c>.</param>
/// <param name="Ready"><c>status.readyReplicas</c>.</param>
/// <param name="Available"><c>status.availableReplicas</c>.</param>
/// <param name="Terminating"><c>status.terminatingReplicas</c>.</param>
internal sealed record Replicas(KubeObject Item, int Spec, int Actual, int Ready, int Available, int Terminating)
{
    public string Name => Item.Header.Name;

    public DateTimeOffset Created => Item.Header.CreationTimestamp ?? DateTimeOffset.MinValue;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Its controller has seen the present spec: the counts speak of it.</summary>
    public bool IsObserved { get; init; } = true;

    /// <summary>Its revision; 0 where the annotation is missing or no number.</summary>
    public long Revision => Annotations.TryGetValue(DeploymentAnnotations.Revision, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static Replicas Of(KubeObject item)
    {
        var set = item.As<V1ReplicaSet>();
        return new Replicas(
            item, set.Spec.Replicas ?? 1, set.Status?.Replicas ?? 0, set.Status?.ReadyReplicas ?? 0, set.Status?.AvailableReplicas ?? 0, set.Status?.TerminatingReplicas ?? 0)
        {
            IsObserved = (set.Status?.ObservedGeneration ?? 0) >= item.Header.Generation,
            Annotations = set.Metadata.Annotations?.AsReadOnly() ?? (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(),
        };
    }
}

using GrainKube.ApiMachinery.Selectors;
using k8s.Models;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>What a ReplicaSet or a ReplicationController asks for.</summary>
/// <param name="Replicas">How many pods.</param>
/// <param name="MinReadySeconds">How long a pod must be ready to count as available.</param>
/// <param name="Selector">Which pods are its own.</param>
/// <param name="TemplateLabels">Labels of new pods.</param>
internal sealed record ReplicaWish(int Replicas, int MinReadySeconds, LabelSelector Selector, IReadOnlyDictionary<string, string> TemplateLabels)
{
    public static IReadOnlyDictionary<string, string> LabelsOf(V1PodTemplateSpec? template) =>
        template?.Metadata?.Labels?.AsReadOnly() ?? (IReadOnlyDictionary<string, string>)new Dictionary<string, string>();
}

using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>Whether a daemon pod belongs on a node. Pure.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="ShouldRun">A pod is to be started there.</param>
/// <param name="ShouldStay">A pod that is there may stay: only taints that forbid starting have come since.</param>
internal readonly record struct NodeVerdict(string Node, bool ShouldRun, bool ShouldStay)
{
    /// <param name="node">The node.</param>
    /// <param name="template">Spec of the pod template.</param>
    /// <param name="tolerations">Its tolerations, the automatic ones included.</param>
    public static NodeVerdict On(KubeObject node, V1PodSpec template, IReadOnlyList<V1Toleration> tolerations)
    {
        var name = node.Header.Name;
        var affinity = template.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution;
        if ((!string.IsNullOrEmpty(template.NodeName) && template.NodeName != name)
            || !NodeSelectors.Matches(template.NodeSelector ?? new Dictionary<string, string>(), node.Header.Labels)
            || (affinity is not null && !NodeSelectors.Matches(affinity, name, node.Header.Labels)))
        {
            return new NodeVerdict(name, false, false);
        }

        var untolerated = (node.As<V1Node>().Spec?.Taints ?? []).Where(t => t.Effect is "NoSchedule" or "NoExecute" && !Tolerations.Tolerate(tolerations, t)).ToList();
        return new NodeVerdict(name, untolerated.Count == 0, untolerated.TrueForAll(t => t.Effect != "NoExecute"));
    }
}

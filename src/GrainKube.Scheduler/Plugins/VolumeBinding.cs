using GrainKube.Resources.Core.Pods;
using GrainKube.Resources.Core.PersistentVolumes;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Volumes;
using k8s.Models;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A pod goes where its volumes can be reached, or can be made.</summary>
internal sealed class VolumeBinding(IVolumeView view) : IWorldFilterPlugin
{
    private PodVolumes volumes = new(null, [], [], []);

    public string Name => "VolumeBinding";

    public bool Skips(PodRequest pod) => pod.Claims.Count == 0;

    public bool IsFinal(PodRequest pod, NodeState node) => true;

    public string? Prepare(PodRequest pod) => (volumes = PodVolumes.Of(pod, view)).Refusal;

    public void Moved(PodRequest pod, PodRequest other, NodeState node, int sign)
    {
        // Where a volume can be reached does not hang on who uses it.
    }

    public bool MayAdmit(PodRequest waiting, ClusterChange change) => change.Kind is ChangeKind.Volumes or ChangeKind.Node;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        var reason = volumes.MissesVolume ? "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"
            : !volumes.Bound.All(v => Reaches(v, node.Name, node.Labels)) ? "node(s) didn't match PersistentVolume's node affinity"
            : !volumes.Waiting.All(c => CanServe(c, node)) ? "node(s) didn't find available persistent volumes to bind"
            : null;
        if (reason is not null)
        {
            reasons?.Add(reason);
        }

        return reason is null;
    }

    /// <summary>The volume can be mounted on that node.</summary>
    public static bool Reaches(V1PersistentVolume volume, string node, IReadOnlyDictionary<string, string> labels) =>
        volume.Spec.NodeAffinity?.Required is not { } required || NodeSelectors.Matches(required, node, labels);

    private bool CanServe(V1PersistentVolumeClaim claim, NodeState node)
    {
        if (VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.SelectedNode) is { } selected)
        {
            return selected == node.Name; // its volume is being made there
        }

        if (VolumeMatch.Find(claim, view.Volumes(), volume => Reaches(volume, node.Name, node.Labels)) is not null)
        {
            return true;
        }

        return VolumeFacts.ClassOf(claim) is { Length: > 0 } name
            && view.Class(name) is { } item
            && item.Provisioner != "kubernetes.io/no-provisioner"
            && (item.AllowedTopologies is not { Count: > 0 } topologies || topologies.Any(t => Allows(t, node)));
    }

    private static bool Allows(V1TopologySelectorTerm term, NodeState node) =>
        (term.MatchLabelExpressions ?? []).All(e => node.Labels.TryGetValue(e.Key, out var value) && e.Values.Contains(value));
}

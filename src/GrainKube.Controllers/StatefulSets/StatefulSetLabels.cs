namespace GrainKube.Controllers.StatefulSets;

/// <summary>Labels that a stateful set gives its pods and revisions.</summary>
internal static class StatefulSetLabels
{
    /// <summary>Of a pod: its own name, for Services that select one pod.</summary>
    public const string PodName = "statefulset.kubernetes.io/pod-name";

    /// <summary>Of a pod: its ordinal.</summary>
    public const string PodIndex = "apps.kubernetes.io/pod-index";

    /// <summary>Of a pod: the name of its revision.</summary>
    public const string Revision = "controller-revision-hash";

    /// <summary>Of a revision: its hash.</summary>
    public const string RevisionHash = "controller.kubernetes.io/hash";
}

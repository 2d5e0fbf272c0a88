namespace GrainKube.Controllers.DaemonSets;

/// <summary>Labels that a daemon set gives its pods and revisions.</summary>
internal static class DaemonSetLabels
{
    /// <summary>Of a pod and of a revision: the revision's hash.</summary>
    public const string RevisionHash = "controller-revision-hash";

    /// <summary>Of a pod: how often the template had changed when it was made.</summary>
    public const string TemplateGeneration = "pod-template-generation";

    /// <summary>Annotation of the set: how often its template has changed.</summary>
    public const string TemplateGenerationOfSet = "deprecated.daemonset.template.generation";
}

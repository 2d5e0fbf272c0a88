namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Labels, annotations and the finalizer of jobs and their pods (<c>k8s.io/api/batch/v1</c>).</summary>
public static class JobNames
{
    public const string ControllerUid = "batch.kubernetes.io/controller-uid";
    public const string JobName = "batch.kubernetes.io/job-name";

    /// <summary>The two labels without prefix, kept for old clients.</summary>
    public const string LegacyControllerUid = "controller-uid";
    public const string LegacyJobName = "job-name";

    /// <summary>Annotation and label of a pod of an Indexed Job.</summary>
    public const string CompletionIndex = "batch.kubernetes.io/job-completion-index";

    /// <summary>Keeps a pod until its end has been accounted for in the Job's status.</summary>
    public const string Finalizer = "batch.kubernetes.io/job-tracking";

    /// <summary>How often the index had failed when this pod was made (with <c>backoffLimitPerIndex</c>).</summary>
    public const string FailureCount = "batch.kubernetes.io/job-index-failure-count";
    public const string IgnoredFailureCount = "batch.kubernetes.io/job-index-ignored-failure-count";

    /// <summary>When a CronJob's Job was due.</summary>
    public const string ScheduledTimestamp = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /// <summary>The value of <c>spec.managedBy</c> that means this controller.</summary>
    public const string ManagedByUs = "kubernetes.io/job-controller";
}

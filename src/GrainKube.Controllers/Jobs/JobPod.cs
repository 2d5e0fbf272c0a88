using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Batch.Jobs;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>What a job asks of one of its pods; read once from each version of the pod.</summary>
internal sealed record JobPod
{
    public required KubeObject Object { get; init; }

    public string Uid => Object.Header.Uid;

    /// <summary>It has not been accounted for yet.</summary>
    public bool HasFinalizer { get; init; }

    public required string Phase { get; init; }

    public bool IsDeleted { get; init; }

    public bool IsReady { get; init; }

    /// <summary>Neither finished nor on its way out.</summary>
    public bool IsActive => !IsDeleted && !IsFinished;

    /// <summary>On its way out and not at its end.</summary>
    public bool IsTerminating => IsDeleted && !IsFinished;

    public bool IsFinished => Phase is "Succeeded" or "Failed";

    /// <summary>Of an Indexed job; null where the annotation is absent or no number.</summary>
    public int? Index { get; init; }

    /// <summary>How often the pod's index had failed before this pod.</summary>
    public int Failures { get; init; }

    /// <summary>How many more of its failures the failure policy ignored.</summary>
    public int IgnoredFailures { get; init; }

    /// <summary>Restarts of all containers, those of initialization too.</summary>
    public int Restarts { get; init; }

    /// <summary>When it ended, as well as can be told.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Containers that have ended with an exit code other than 0.</summary>
    public IReadOnlyList<(string Container, int Code)> Exits { get; init; } = [];

    public IReadOnlyList<(string Type, string Status)> Conditions { get; init; } = [];

    public static JobPod Of(KubeObject pod) => pod.Derive(Read);

    private static JobPod Read(KubeObject pod)
    {
        var view = pod.As<V1Pod>();
        var statuses = (view.Status?.ContainerStatuses ?? []).Concat(view.Status?.InitContainerStatuses ?? []).ToList();
        return new JobPod
        {
            Object = pod,
            HasFinalizer = pod.Header.Finalizers.Contains(JobNames.Finalizer),
            Phase = view.Status?.Phase ?? "",
            IsDeleted = pod.Header.DeletionTimestamp is not null,
            IsReady = view.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true,
            Index = Number(view, JobNames.CompletionIndex),
            Failures = Number(view, JobNames.FailureCount) ?? 0,
            IgnoredFailures = Number(view, JobNames.IgnoredFailureCount) ?? 0,
            Restarts = statuses.Sum(s => s.RestartCount),
            FinishedAt = EndOf(pod, view),
            Exits = [.. statuses.Where(s => s.State?.Terminated is { ExitCode: not 0 }).Select(s => (s.Name, s.State.Terminated.ExitCode))],
            Conditions = [.. (view.Status?.Conditions ?? []).Select(c => (c.Type, c.Status))],
        };
    }

    private static int? Number(V1Pod pod, string annotation) =>
        pod.Metadata.Annotations is { } all && all.TryGetValue(annotation, out var text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Upstream's order: the last container's end, the moment it stopped being ready, the deletion, the creation.
    private static DateTimeOffset EndOf(KubeObject pod, V1Pod view)
    {
        var ends = (view.Status?.ContainerStatuses ?? []).Select(s => s.State?.Terminated?.FinishedAt).ToList();
        if (ends.Count > 0 && ends.TrueForAll(e => e is not null))
        {
            return Utc(ends.Max()!.Value);
        }

        if (view.Status?.Conditions?.FirstOrDefault(c => c is { Type: "Ready", Status: "False" })?.LastTransitionTime is { } unready)
        {
            return Utc(unready);
        }

        return pod.Header.DeletionTimestamp is { } deleted ? deleted.AddSeconds(-(pod.Header.DeletionGracePeriodSeconds ?? 0))
            : pod.Header.CreationTimestamp ?? DateTimeOffset.MinValue;
    }

    private static DateTimeOffset Utc(DateTime at) => new(at.ToUniversalTime(), TimeSpan.Zero);
}

using System.Globalization;
using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Looks through a pod's containers for what of it is ready, what it is doing or suffering from, and how often it was restarted.</summary>
/// <remarks>The rules and words are those of upstream's printer.</remarks>
internal sealed class PodLook
{
    private readonly V1Pod pod;
    private readonly HashSet<string> sidecars;
    private int ready;

    public PodLook(V1Pod pod)
    {
        this.pod = pod;
        sidecars = [.. (pod.Spec?.InitContainers ?? []).Where(c => c.RestartPolicy == "Always").Select(c => c.Name)];
        Reason = OwnReason();
        var initializing = LookAtInitContainers(out var sidecarRestarts, out var sidecarLast);
        if (!initializing || HasTrue("Initialized"))
        {
            // What the init containers did is of no interest any more; only those that keep running count.
            (Restarts, LastRestart) = (sidecarRestarts, sidecarLast);
            LookAtContainers();
        }

        if (pod.Metadata?.DeletionTimestamp is not null)
        {
            Reason = pod.Status?.Reason == "NodeLost" ? "Unknown"
                : pod.Status?.Phase is "Succeeded" or "Failed" ? Reason : "Terminating";
        }
    }

    public string Reason { get; private set; }
    public int Restarts { get; private set; }
    public DateTimeOffset? LastRestart { get; private set; }
    public string Ready => Text($"{ready}/{(pod.Spec?.Containers?.Count ?? 0) + sidecars.Count}");

    private string OwnReason()
    {
        var gated = pod.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Reason: "SchedulingGated" }) == true;
        return gated ? "SchedulingGated" : string.IsNullOrEmpty(pod.Status?.Reason) ? pod.Status?.Phase ?? "" : pod.Status.Reason;
    }

    /// <summary>Looks at the init containers up to the first that is not done; true when there is one.</summary>
    private bool LookAtInitContainers(out int sidecarRestarts, out DateTimeOffset? sidecarLast)
    {
        (sidecarRestarts, sidecarLast) = (0, null);
        var statuses = pod.Status?.InitContainerStatuses ?? [];
        for (var i = 0; i < statuses.Count; i++)
        {
            var container = statuses[i];
            Count(container);
            var sidecar = sidecars.Contains(container.Name);
            if (sidecar)
            {
                sidecarRestarts += container.RestartCount;
                sidecarLast = Later(sidecarLast, container);
            }

            if (container.State?.Terminated is { ExitCode: 0 })
            {
                continue;
            }

            if (sidecar && container.Started == true)
            {
                ready += container.Ready ? 1 : 0;
                continue;
            }

            Reason = container.State switch
            {
                { Terminated: { } ended } => "Init:" + EndOf(ended),
                { Waiting.Reason: { Length: > 0 } waiting } when waiting != "PodInitializing" => "Init:" + waiting,
                _ => Text($"Init:{i}/{pod.Spec?.InitContainers?.Count ?? 0}"),
            };
            return true;
        }

        return false;
    }

    private void LookAtContainers()
    {
        var running = false;
        foreach (var container in (pod.Status?.ContainerStatuses ?? []).Reverse())
        {
            Count(container);
            if (container.State?.Waiting?.Reason is { Length: > 0 } waiting)
            {
                Reason = waiting;
            }
            else if (container.State?.Terminated is { } ended)
            {
                Reason = EndOf(ended);
            }
            else if (container is { Ready: true, State.Running: not null })
            {
                running = true;
                ready++;
            }
        }

        if (Reason == "Completed" && running)
        {
            Reason = HasTrue("Ready") ? "Running" : "NotReady";
        }
    }

    private void Count(V1ContainerStatus container)
    {
        Restarts += container.RestartCount;
        LastRestart = Later(LastRestart, container);
    }

    private static DateTimeOffset? Later(DateTimeOffset? known, V1ContainerStatus container) =>
        container.LastState?.Terminated?.FinishedAt is { } ended && (known is null || Ages.Utc(ended) > known) ? Ages.Utc(ended) : known;

    private static string EndOf(V1ContainerStateTerminated ended) =>
        !string.IsNullOrEmpty(ended.Reason) ? ended.Reason
        : ended.Signal is { } signal and not 0 ? Text($"Signal:{signal}") : Text($"ExitCode:{ended.ExitCode}");

    private bool HasTrue(string condition) => pod.Status?.Conditions?.Any(c => c.Type == condition && c.Status == "True") == true;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Plans;

/// <summary>How the kubelet reads a container's state.</summary>
internal static class ContainerStateReading
{
    /// <summary>It has ended, or the engine could not start it: then it stays <c>Created</c> with an error.</summary>
    public static bool HasEnded(this ContainerState container) =>
        container.Phase == ContainerPhase.Exited || (container.Phase == ContainerPhase.Created && container.Error.Length > 0);

    /// <summary>It never ran because the engine could not start it.</summary>
    public static bool FailedToStart(this ContainerState container) => container.HasEnded() && container.Error.Length > 0 && container.StartedAt is null;

    /// <summary>The exit code as a status shows it: what never started is 128.</summary>
    public static int StatusExitCode(this ContainerState container) => container.FailedToStart() && container.ExitCode == 0 ? 128 : container.ExitCode;

    public static DateTimeOffset EndedAt(this ContainerState container) => container.FinishedAt ?? container.StartedAt ?? container.CreatedAt;
}

using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;
using EngineState = Docker.DotNet.Models.ContainerState;
using PodContainerState = GrainKube.Kubelet.Runtime.ContainerState;

namespace GrainKube.Docker.Containers;

internal static class ContainerStates
{
    public static PodContainerState From(ContainerInspectResponse container)
    {
        var labels = container.Config.Labels;
        var created = EngineTime.From(container.Created);
        var phase = PhaseOf(container.State);
        var started = EngineTime.Parse(container.State.StartedAt);
        return new PodContainerState
        {
            Id = container.ID,
            SandboxId = EngineLabels.Of(labels, EngineLabels.Sandbox),
            PodUid = EngineLabels.Of(labels, EngineLabels.PodUid),
            Namespace = EngineLabels.Of(labels, EngineLabels.PodNamespace),
            PodName = EngineLabels.Of(labels, EngineLabels.PodName),
            Name = EngineLabels.Of(labels, EngineLabels.ContainerName),
            Attempt = EngineLabels.AttemptOf(labels),
            Phase = phase,
            Image = EngineLabels.Of(labels, EngineLabels.Image),
            ImageId = container.Image,
            CreatedAt = created,
            StartedAt = started,
            FinishedAt = phase == ContainerPhase.Exited ? Later(EngineTime.Parse(container.State.FinishedAt) ?? created, started ?? created) : null,
            ExitCode = phase == ContainerPhase.Exited ? (int)container.State.ExitCode : 0,
            OomKilled = container.State.OOMKilled,
            Resources = ResourcesOf(container.HostConfig),
            Error = container.State.Error ?? "",
            Labels = EngineLabels.Further(labels),
        };
    }

    // The engine takes the start's time when it hears of it and the end's from the kernel: of a short life the end may seem to come first.
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static ContainerResources? ResourcesOf(HostConfig? host) => host is null ? null : new ContainerResources
    {
        CpuShares = host.CPUShares, CpuQuota = Math.Max(0, host.CPUQuota), CpuPeriod = host.CPUPeriod, MemoryBytes = Math.Max(0, host.Memory), OomScoreAdjust = (int)host.OomScoreAdj,
    };

    // A container whose start failed stays "created" for the engine, with the error beside it. It will not run any more.
    private static ContainerPhase PhaseOf(EngineState state) => state switch
    {
        { Running: true } => ContainerPhase.Running,
        { Status: "created", Error: null or "" } => ContainerPhase.Created,
        _ => ContainerPhase.Exited,
    };
}

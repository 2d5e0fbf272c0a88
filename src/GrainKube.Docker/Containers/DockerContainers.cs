using System.Collections.Concurrent;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Logs;
using GrainKube.Docker.Sessions;
using GrainKube.Docker.Usage;
using GrainKube.Kubelet.Runtime;
using ContainerSpec = GrainKube.Kubelet.Runtime.ContainerSpec;
using PodContainerState = GrainKube.Kubelet.Runtime.ContainerState;

namespace GrainKube.Docker.Containers;

internal sealed class DockerContainers(DockerEngine engine, ControlGroups controlGroups) : IContainers
{
    private const string IsContainer = $"{EngineLabels.Kind}={EngineLabels.ContainerKind}";

    private readonly ContainerLog log = new(engine);
    private readonly ContainerCommands commands = new(engine);

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel)
    {
        if (await engine.InspectAsync(ContainerParameters.NameOf(spec), cancel) is { } existing)
        {
            return existing.ID;
        }

        var sandbox = await engine.InspectAsync(spec.SandboxId, cancel)
            ?? throw new RuntimeException(RuntimeError.NotFound, $"The sandbox {spec.SandboxId} is not there.");
        var parameters = ContainerParameters.For(spec, engine.Options.Node, sandbox, await ImageUserAsync(spec, cancel));
        return (await engine.CallAsync(docker => docker.Containers.CreateContainerAsync(parameters, cancel), cancel)).ID;
    }

    public async Task StartAsync(string id, CancellationToken cancel)
    {
        try
        {
            await engine.CallAsync(docker => docker.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancel), cancel);
        }
        catch (RuntimeException exception) when (IsCannotRun(exception))
        {
            throw new RuntimeException(RuntimeError.CannotRun, exception.Message, exception);
        }
    }

    public Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel) => engine.CallAsync(
        docker => docker.Containers.UpdateContainerAsync(
            id,
            new ContainerUpdateParameters
            {
                CPUShares = resources.CpuShares,
                CPUPeriod = resources.CpuPeriod,
                CPUQuota = resources.CpuQuota > 0 ? resources.CpuQuota : -1,
                // Zero leaves it as it is, without a limit; the engine takes any other number below 6 MB for a limit that is too low.
                Memory = resources.MemoryBytes,
                MemorySwap = resources.MemoryBytes,
            },
            cancel),
        cancel);

    public async Task<IReadOnlyList<PodContainerState>> ListAsync(CancellationToken cancel)
    {
        var containers = await engine.ListAsync([("label", IsContainer)], cancel);
        var states = new ConcurrentBag<PodContainerState>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel };
        await Parallel.ForEachAsync(containers, parallel, async (container, token) =>
        {
            // One that was removed meanwhile is not there.
            if (await engine.InspectAsync(container.ID, token) is { } found)
            {
                states.Add(ContainerStates.From(found));
            }
        });
        return [.. states.OrderBy(state => state.CreatedAt)];
    }

    public async Task<PodContainerState?> GetAsync(string id, CancellationToken cancel) =>
        await engine.InspectAsync(id, cancel) is { } container ? ContainerStates.From(container) : null;

    public Task StopAsync(string id, TimeSpan grace, CancellationToken cancel) => engine.StopAsync(id, grace, cancel);

    public Task RemoveAsync(string id, CancellationToken cancel) => engine.RemoveAsync(id, cancel);

    public IAsyncEnumerable<LogLine> ReadLogAsync(string id, LogQuery query, CancellationToken cancel) => log.ReadAsync(id, query, cancel);

    public Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel) =>
        commands.RunAsync(id, command, timeout, cancel);

    public Task<IContainerSession> OpenExecAsync(string id, ExecOptions options, CancellationToken cancel) => commands.OpenAsync(id, options, cancel);

    public Task<IContainerSession> AttachAsync(string id, ExecOptions options, CancellationToken cancel) => commands.AttachAsync(id, options, cancel);

    public async Task<ContainerUsage?> GetUsageAsync(string id, CancellationToken cancel) =>
        await engine.InspectAsync(id, cancel) is { State: { Running: true, Pid: > 0 and var pid } }
            ? controlGroups.Read((int)pid, engine.Time.GetUtcNow())
            : null;

    // The engine has no code for this: a fault of the container's own program comes as the words of the program that starts it.
    private static bool IsCannotRun(RuntimeException exception) =>
        exception.Error is RuntimeError.Other or RuntimeError.NotFound &&
        (exception.Message.Contains("OCI runtime create failed", StringComparison.Ordinal) ||
         exception.Message.Contains("failed to create task", StringComparison.Ordinal) ||
         exception.Message.Contains("exec: ", StringComparison.Ordinal));

    private async Task<string> ImageUserAsync(ContainerSpec spec, CancellationToken cancel)
    {
        if (spec.Security is not { RunAsUser: null, RunAsGroup: not null })
        {
            return "";
        }

        var image = await engine.CallAsync(docker => docker.Images.InspectImageAsync(spec.ImageId, cancel), cancel);
        return image.Config?.User ?? "";
    }
}

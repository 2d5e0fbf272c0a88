using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Logs;
using GrainKube.Docker.Sandboxes;
using GrainKube.Docker.Sessions;
using GrainKube.Docker.Usage;
using GrainKube.Kubelet.Runtime;
using ContainerSpec = GrainKube.Kubelet.Runtime.ContainerSpec;
using PodContainerState = GrainKube.Kubelet.Runtime.ContainerState;

namespace GrainKube.Docker.Containers;

internal sealed class DockerContainers(DockerEngine engine, ControlGroups controlGroups, InspectedStates states, KnownSandboxes sandboxes) : IContainers
{
    private const string IsContainer = $"{EngineLabels.Kind}={EngineLabels.ContainerKind}";

    private readonly ContainerLog log = new(engine);
    private readonly ContainerCommands commands = new(engine);

    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel)
    {
        var parameters = ContainerParameters.For(spec, engine.Options.Node, await SandboxAsync(spec.SandboxId, cancel), await ImageUserAsync(spec, cancel));
        try
        {
            return (await engine.CallAsync(docker => docker.Containers.CreateContainerAsync(parameters, cancel), cancel)).ID;
        }
        catch (RuntimeException taken) when (EngineErrors.IsNameTaken(taken))
        {
            if (await engine.InspectAsync(parameters.Name, cancel) is { } existing)
            {
                return existing.ID;
            }

            throw;
        }
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
        finally
        {
            states.Doubt(id);
        }
    }

    public Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel) => ActAsync(
        id,
        engine.CallAsync(
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
            cancel));

    public async Task<IReadOnlyList<PodContainerState>> ListAsync(CancellationToken cancel)
    {
        var (reading, asked) = (states.Begin(), engine.Time.GetUtcNow());
        return await ReadAsync(reading, asked, [.. await engine.ListAsync([("label", IsContainer)], cancel)], cancel);
    }

    /// <summary>The states of the containers of a list; only those of which it shows something new are inspected.</summary>
    /// <param name="reading">Begun before the list was asked for.</param>
    /// <param name="asked">When it was asked for.</param>
    /// <param name="lines">All containers that are no sandboxes.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<IReadOnlyList<PodContainerState>> ReadAsync(long reading, DateTimeOffset asked, IReadOnlyList<ContainerListResponse> lines, CancellationToken cancel)
    {
        var answered = engine.Time.GetUtcNow();
        var found = new PodContainerState?[lines.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel };
        var changed = Enumerable.Range(0, lines.Count).Where(i => (found[i] = states.Find(lines[i], asked, answered)) is null).ToList();

        // One that was removed meanwhile is not there.
        await Parallel.ForEachAsync(changed, parallel, async (i, token) => found[i] = await InspectAsync(reading, lines[i].ID, token));
        states.Forget(reading, lines.Select(line => line.ID));
        return [.. found.OfType<PodContainerState>().OrderBy(state => state.CreatedAt)];
    }

    public Task<PodContainerState?> GetAsync(string id, CancellationToken cancel) => InspectAsync(states.Begin(), id, cancel);

    public Task StopAsync(string id, TimeSpan grace, CancellationToken cancel) => ActAsync(id, engine.StopAsync(id, grace, cancel));

    public Task RemoveAsync(string id, CancellationToken cancel) => ActAsync(id, engine.RemoveAsync(id, cancel));

    public IAsyncEnumerable<LogLine> ReadLogAsync(string id, LogQuery query, CancellationToken cancel) => log.ReadAsync(id, query, cancel);

    public Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel) =>
        commands.RunAsync(id, command, timeout, cancel);

    public Task<IContainerSession> OpenExecAsync(string id, ExecOptions options, CancellationToken cancel) => commands.OpenAsync(id, options, cancel);

    public Task<IContainerSession> AttachAsync(string id, ExecOptions options, CancellationToken cancel) => commands.AttachAsync(id, options, cancel);

    public async Task<ContainerUsage?> GetUsageAsync(string id, CancellationToken cancel) =>
        await engine.InspectAsync(id, cancel) is { State: { Running: true, Pid: > 0 and var pid } }
            ? controlGroups.Read((int)pid, engine.Time.GetUtcNow())
            : null;

    public async Task<ContainerFiles?> GetFilesAsync(string id, CancellationToken cancel)
    {
        if (await engine.InspectAsync(id, cancel) is not { } container)
        {
            return null;
        }

        // Other storage drivers have no directory of the differences.
        var layer = container.GraphDriver?.Data is { } data && data.TryGetValue("UpperDir", out var upper) ? upper : "";
        var log = container.LogPath ?? "";
        var directory = Path.GetDirectoryName(log) ?? "";
        return new ContainerFiles(layer, Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, Path.GetFileName(log) + "*")] : []);
    }

    // The engine has no code for this: a fault of the container's own program comes as the words of the program that starts it.
    private static bool IsCannotRun(RuntimeException exception) =>
        exception.Error is RuntimeError.Other or RuntimeError.NotFound &&
        (exception.Message.Contains("OCI runtime create failed", StringComparison.Ordinal) ||
         exception.Message.Contains("failed to create task", StringComparison.Ordinal) ||
         exception.Message.Contains("exec: ", StringComparison.Ordinal));

    private async Task ActAsync(string id, Task action)
    {
        try
        {
            await action;
        }
        finally
        {
            states.Doubt(id);
        }
    }

    private async Task<PodContainerState?> InspectAsync(long reading, string id, CancellationToken cancel)
    {
        if (await engine.InspectAsync(id, cancel) is not { } container)
        {
            return null;
        }

        var state = ContainerStates.From(container);
        states.Keep(reading, state);
        return state;
    }

    private async Task<SandboxFacts> SandboxAsync(string id, CancellationToken cancel) => sandboxes.Find(id)
        ?? sandboxes.Remember(await engine.InspectAsync(id, cancel) ?? throw new RuntimeException(RuntimeError.NotFound, $"The sandbox {id} is not there."));

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

using System.Runtime.CompilerServices;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>Containers that run only in the books: nothing is executed, nothing is logged.</summary>
internal sealed class SimulatedContainers(SimulatedState state) : IContainers
{
    private const int Terminated = 143;

    public Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            if (state.Containers.Values.FirstOrDefault(c => c.State.PodUid == spec.PodUid && c.State.Name == spec.Name && c.State.Attempt == spec.Attempt) is { } present)
            {
                return Task.FromResult(present.State.Id);
            }

            if (!state.Sandboxes.TryGetValue(spec.SandboxId, out var sandbox) || !sandbox.Running)
            {
                throw new RuntimeException(RuntimeError.NotFound, $"sandbox {spec.SandboxId} does not run");
            }

            var made = new ContainerState
            {
                Id = state.NewId(),
                SandboxId = spec.SandboxId,
                PodUid = spec.PodUid,
                Namespace = spec.Namespace,
                PodName = spec.PodName,
                Name = spec.Name,
                Attempt = spec.Attempt,
                Phase = ContainerPhase.Created,
                Image = spec.Image,
                ImageId = spec.ImageId,
                CreatedAt = state.Now,
                Resources = spec.Resources,
                Labels = spec.Labels,
            };
            state.Containers[made.Id] = new SimulatedContainer(made, spec);
            return Task.FromResult(made.Id);
        }
    }

    public Task StartAsync(string id, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            var container = Find(id);
            if (container.State.Phase != ContainerPhase.Created)
            {
                return Task.CompletedTask;
            }

            container.State = container.State with { Phase = ContainerPhase.Running, StartedAt = state.Now };
            var behaviour = SimulatedBehaviour.Of(container.Spec.Labels);
            if (behaviour.ExitAfter is { } after)
            {
                container.Exit = state.Time.CreateTimer(_ => End(id, behaviour.ExitCode), null, after, Timeout.InfiniteTimeSpan);
            }

            state.Tell(new RuntimeEvent(RuntimeEventKind.Started, container.State.PodUid, id));
        }

        return Task.CompletedTask;
    }

    public Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            var container = Find(id);
            container.State = container.State with { Resources = resources };
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ContainerState>> ListAsync(CancellationToken cancel)
    {
        lock (state.Gate)
        {
            return Task.FromResult<IReadOnlyList<ContainerState>>([.. state.Containers.Values.Select(c => c.State)]);
        }
    }

    public Task<ContainerState?> GetAsync(string id, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            return Task.FromResult(state.Containers.GetValueOrDefault(id)?.State);
        }
    }

    public Task StopAsync(string id, TimeSpan grace, CancellationToken cancel)
    {
        End(id, Terminated);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string id, CancellationToken cancel)
    {
        End(id, 137);
        lock (state.Gate)
        {
            if (state.Containers.Remove(id, out var removed))
            {
                state.Tell(new RuntimeEvent(RuntimeEventKind.Removed, removed.State.PodUid, id));
            }
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<LogLine> ReadLogAsync(string id, LogQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        SimulatedContainer container;
        lock (state.Gate)
        {
            container = Find(id);
        }

        if (query.Follow && container.State.Phase == ContainerPhase.Running)
        {
            await container.Ended.Task.WaitAsync(cancel);
        }

        yield break;
    }

    /// <summary>Every command succeeds and says nothing.</summary>
    public Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        FindRunning(id);
        return Task.FromResult(new ExecResult(0, [], TimedOut: false));
    }

    public Task<IContainerSession> OpenExecAsync(string id, ExecOptions options, CancellationToken cancel)
    {
        FindRunning(id);
        return Task.FromResult<IContainerSession>(new SimulatedSession(options.Stdin ? null : Task.CompletedTask, exitCode: 0));
    }

    public Task<IContainerSession> AttachAsync(string id, ExecOptions options, CancellationToken cancel) =>
        Task.FromResult<IContainerSession>(new SimulatedSession(FindRunning(id).Ended.Task, exitCode: null));

    public Task<ContainerUsage?> GetUsageAsync(string id, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            if (state.Containers.GetValueOrDefault(id) is not { State: { Phase: ContainerPhase.Running, StartedAt: { } started } } container)
            {
                return Task.FromResult<ContainerUsage?>(null);
            }

            var behaviour = SimulatedBehaviour.Of(container.Spec.Labels);
            var busy = (ulong)((state.Now - started).TotalSeconds * behaviour.Cores * 1e9);
            return Task.FromResult<ContainerUsage?>(new ContainerUsage(state.Now, busy, behaviour.MemoryBytes, behaviour.MemoryBytes));
        }
    }

    public Task<ContainerFiles?> GetFilesAsync(string id, CancellationToken cancel) => Task.FromResult<ContainerFiles?>(null);

    private void End(string id, int exitCode)
    {
        lock (state.Gate)
        {
            if (!state.Containers.TryGetValue(id, out var container) || container.State.Phase != ContainerPhase.Running)
            {
                return;
            }

            container.Exit?.Dispose();
            container.State = container.State with { Phase = ContainerPhase.Exited, FinishedAt = state.Now, ExitCode = exitCode };
            container.Ended.TrySetResult();
            state.Tell(new RuntimeEvent(RuntimeEventKind.Died, container.State.PodUid, id));
        }
    }

    private SimulatedContainer Find(string id) =>
        state.Containers.GetValueOrDefault(id) ?? throw new RuntimeException(RuntimeError.NotFound, $"No such container: {id}");

    private SimulatedContainer FindRunning(string id)
    {
        lock (state.Gate)
        {
            var container = Find(id);
            return container.State.Phase == ContainerPhase.Running ? container : throw new RuntimeException(RuntimeError.Other, $"Container {id} is not running");
        }
    }
}

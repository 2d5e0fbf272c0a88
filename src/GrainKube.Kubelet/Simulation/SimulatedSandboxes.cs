using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>Sandboxes that are only records.</summary>
internal sealed class SimulatedSandboxes(SimulatedState state) : ISandboxes
{
    public Task EnsureNetworkAsync(string podCidr, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            if (state.Addresses is { } present && present.Cidr != podCidr && state.Sandboxes.Values.Any(s => s.Running))
            {
                throw new RuntimeException(RuntimeError.Other, $"the pod network is {present.Cidr} and in use; it cannot become {podCidr}");
            }

            if (state.Addresses?.Cidr != podCidr)
            {
                state.Addresses = new SimulatedAddresses(podCidr);
            }
        }

        return Task.CompletedTask;
    }

    public Task<SandboxState> CreateAsync(SandboxSpec spec, CancellationToken cancel)
    {
        SandboxState made;
        lock (state.Gate)
        {
            if (state.Sandboxes.Values.FirstOrDefault(s => s.PodUid == spec.PodUid && s.Attempt == spec.Attempt) is { } present)
            {
                return Task.FromResult(present);
            }

            var addresses = state.Addresses ?? throw new RuntimeException(RuntimeError.Other, "there is no pod network yet");
            made = new SandboxState(
                state.NewId(), spec.PodUid, spec.Namespace, spec.PodName, spec.Attempt, Running: true, spec.HostNetwork ? "" : addresses.Take(), state.Now) { Resources = spec.Resources };
            state.Sandboxes[made.Id] = made;
        }

        state.Tell(new RuntimeEvent(RuntimeEventKind.Started, made.PodUid, made.Id));
        return Task.FromResult(made);
    }

    public Task<IReadOnlyList<SandboxState>> ListAsync(CancellationToken cancel)
    {
        lock (state.Gate)
        {
            return Task.FromResult<IReadOnlyList<SandboxState>>([.. state.Sandboxes.Values]);
        }
    }

    public Task<SandboxState?> GetAsync(string id, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            return Task.FromResult(state.Sandboxes.GetValueOrDefault(id));
        }
    }

    public Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            if (state.Sandboxes.GetValueOrDefault(id) is not { Resources: not null } present)
            {
                throw new RuntimeException(RuntimeError.NotFound, $"the sandbox {id} has no limits of its own");
            }

            state.Sandboxes[id] = present with { Resources = resources };
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(string id, CancellationToken cancel)
    {
        lock (state.Gate)
        {
            if (!state.Sandboxes.TryGetValue(id, out var present) || !present.Running)
            {
                return Task.CompletedTask;
            }

            state.Addresses?.Release(present.Ip);
            state.Sandboxes[id] = present with { Running = false };
            state.Tell(new RuntimeEvent(RuntimeEventKind.Died, present.PodUid, id));
        }

        return Task.CompletedTask;
    }

    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        await StopAsync(id, cancel);
        lock (state.Gate)
        {
            if (state.Sandboxes.Remove(id, out var removed))
            {
                state.Tell(new RuntimeEvent(RuntimeEventKind.Removed, removed.PodUid, id));
            }
        }
    }

    public Task<IContainerSession> ConnectAsync(string id, string address, int port, CancellationToken cancel) =>
        Task.FromResult<IContainerSession>(new SimulatedSession(end: null, exitCode: null));
}

using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Pause;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

internal sealed class DockerSandboxes(DockerEngine engine, PauseImage pause, PodNetwork network, KnownSandboxes sandboxes, PodGroups groups) : ISandboxes
{
    private const string IsSandbox = $"{EngineLabels.Kind}={EngineLabels.SandboxKind}";

    // A foreign container may hold an address that we think is free; so many of them in a row is a fault.
    private const int AddressTries = 16;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// One sandbox at a time joins or leaves the node's network. In engines of version 20 who joins or leaves takes the lock of the network and then that of all networks, and the loop that is told
    /// of it takes them the other way round: two at once have been seen to bring the whole engine to a standstill that only its restart ends.
    /// </summary>
    private readonly SemaphoreSlim joining = new(1);

    public Task EnsureNetworkAsync(string podCidr, CancellationToken cancel) => network.EnsureAsync(podCidr, cancel);

    public async Task<SandboxState> CreateAsync(SandboxSpec spec, CancellationToken cancel)
    {
        try
        {
            return await StartNewAsync(spec, cancel);
        }
        catch (RuntimeException taken) when (EngineErrors.IsNameTaken(taken))
        {
            // It was made before.
        }

        var existing = await engine.InspectAsync(SandboxParameters.NameOf(spec), cancel);
        if (existing is { State.Status: not "created" })
        {
            sandboxes.Remember(existing);
            return ToState(existing);
        }

        if (existing is not null)
        {
            // The process that made it died before it was started; what it asked for may have been half done.
            await RemoveAloneAsync(existing.ID, cancel);
        }

        return await StartNewAsync(spec, cancel);
    }

    public async Task<IReadOnlyList<SandboxState>> ListAsync(CancellationToken cancel) =>
        [.. (await engine.ListAsync([("label", IsSandbox)], cancel)).Select(ToState)];

    public async Task<SandboxState?> GetAsync(string id, CancellationToken cancel) =>
        (await engine.ListAsync([("label", IsSandbox), ("id", id)], cancel)).Select(ToState).FirstOrDefault(state => state.Id == id);

    public Task StopAsync(string id, CancellationToken cancel) => AloneAsync(() => engine.StopAsync(id, StopGrace, cancel), cancel);

    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        var group = await GroupOfAsync(id, cancel);
        await RemoveAloneAsync(id, cancel); // which ends it; there is nothing in it that would want to be asked
        sandboxes.Forget(id);
        await groups.RemoveAsync(group, cancel);
    }

    public async Task UpdateAsync(string id, ContainerResources resources, CancellationToken cancel)
    {
        if (await GroupOfAsync(id, cancel) is not { Length: > 0 } group)
        {
            throw new RuntimeException(RuntimeError.NotFound, $"The sandbox {id} has no limits of its own.");
        }

        await groups.WriteAsync(group, resources, cancel);
    }

    public async Task<IContainerSession> ConnectAsync(string id, string address, int port, CancellationToken cancel)
    {
        if (address.Length > 0)
        {
            return await SocketSession.ConnectAsync(() => new Socket(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp), IPAddress.Parse(address), port, cancel);
        }

        var sandbox = await engine.InspectAsync(id, cancel) is { State: { Running: true, Pid: > 0 } } found
            ? found
            : throw new RuntimeException(RuntimeError.NotFound, $"The sandbox {id} does not run.");
        try
        {
            return await InsideAsync(IPAddress.Loopback);
        }
        catch (RuntimeException failed) when (failed.Error == RuntimeError.Other && Socket.OSSupportsIPv6)
        {
            // Some programs listen on the other loopback only; what is said is about the first.
            try
            {
                return await InsideAsync(IPAddress.IPv6Loopback);
            }
            catch (RuntimeException)
            {
                throw failed;
            }
        }

        Task<IContainerSession> InsideAsync(IPAddress loopback) =>
            SocketSession.ConnectAsync(() => NetworkNamespace.CreateSocket((int)sandbox.State.Pid, loopback.AddressFamily), loopback, port, cancel);
    }

    private Task RemoveAloneAsync(string id, CancellationToken cancel) => AloneAsync(() => engine.RemoveAsync(id, cancel), cancel);

    private async Task AloneAsync(Func<Task> call, CancellationToken cancel)
    {
        await joining.WaitAsync(cancel);
        try
        {
            await call();
        }
        finally
        {
            joining.Release();
        }
    }

    private async Task<string> GroupOfAsync(string id, CancellationToken cancel)
    {
        var facts = sandboxes.Find(id) ?? (await engine.InspectAsync(id, cancel) is { } sandbox ? sandboxes.Remember(sandbox) : null);
        return facts?.PodGroup ?? "";
    }

    private async Task<string> CreateInGroupAsync(SandboxSpec spec, string? address, CancellationToken cancel)
    {
        var group = await groups.MakeAsync(spec, cancel);
        try
        {
            return await CreateAsync(spec, address, group, cancel);
        }
        catch
        {
            await groups.RemoveAsync(group, CancellationToken.None);
            throw;
        }
    }

    private async Task<string> CreateAsync(SandboxSpec spec, string? address, string group, CancellationToken cancel)
    {
        while (true)
        {
            var (image, fresh) = await pause.EnsureAsync(cancel);
            var parameters = SandboxParameters.For(spec, engine.Options.Node, image, network.Name, address, group);
            try
            {
                return (await engine.CallAsync(docker => docker.Containers.CreateContainerAsync(parameters, cancel), cancel)).ID;
            }
            catch (RuntimeException gone) when (!fresh && EngineErrors.IsImageMissing(gone))
            {
                pause.Forget();
            }
            catch (RuntimeException unknown) when (spec.RuntimeHandler.Length > 0 && unknown.Message.Contains("nknown runtime", StringComparison.Ordinal))
            {
                throw new RuntimeException(RuntimeError.Other, $"failed to get sandbox runtime: no runtime for \"{spec.RuntimeHandler}\" is configured", unknown);
            }
        }
    }

    internal SandboxState ToState(ContainerListResponse container) =>
        ToState(container.ID, container.Labels, container.State == "running", EngineTime.From(container.Created));

    private SandboxState ToState(ContainerInspectResponse container) =>
        ToState(container.ID, container.Config.Labels, container.State.Running, EngineTime.Seconds(container.Created)); // as the list has it

    private SandboxState ToState(string id, IDictionary<string, string> labels, bool running, DateTimeOffset created) => new(
        id,
        EngineLabels.Of(labels, EngineLabels.PodUid),
        EngineLabels.Of(labels, EngineLabels.PodNamespace),
        EngineLabels.Of(labels, EngineLabels.PodName),
        EngineLabels.AttemptOf(labels),
        running,
        running ? EngineLabels.Of(labels, EngineLabels.Address) : "",
        created)
    {
        Resources = EngineLabels.Of(labels, EngineLabels.PodGroup) is { Length: > 0 } group ? groups.Read(group) : null,
    };

    private static bool IsAddressTaken(RuntimeException exception) => exception.Message.Contains("Address already in use", StringComparison.Ordinal);

    private async Task<SandboxState> StartNewAsync(SandboxSpec spec, CancellationToken cancel)
    {
        if (spec.HostNetwork)
        {
            return await StartAsync(spec, address: null, cancel);
        }

        for (var tries = 1; ; tries++)
        {
            var address = await network.ReserveAsync(cancel);
            var started = false;
            try
            {
                var state = await StartAsync(spec, address, cancel);
                started = true;
                return state;
            }
            catch (RuntimeException exception) when (tries < AddressTries && IsAddressTaken(exception))
            {
                // Held by a container that is not ours: take the next.
            }
            finally
            {
                await network.ReleaseAsync(address, started);
            }
        }
    }

    private async Task<SandboxState> StartAsync(SandboxSpec spec, string? address, CancellationToken cancel)
    {
        var id = await CreateInGroupAsync(spec, address, cancel);
        try
        {
            await AloneAsync(() => engine.CallAsync(docker => docker.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancel), cancel), cancel);
            var made = await engine.InspectAsync(id, cancel) ?? throw new RuntimeException(RuntimeError.NotFound, $"The sandbox {id} has vanished.");
            if (made.ResolvConfPath is { Length: > 0 } resolver)
            {
                await ResolverFile.WriteAsync(resolver, spec, cancel);
            }

            sandboxes.Remember(made);
            return ToState(made);
        }
        catch
        {
            await RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }
}

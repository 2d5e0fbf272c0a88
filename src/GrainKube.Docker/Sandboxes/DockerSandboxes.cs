using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Pause;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sandboxes;

internal sealed class DockerSandboxes(DockerEngine engine, PauseImage pause, PodNetwork network) : ISandboxes
{
    private const string IsSandbox = $"{EngineLabels.Kind}={EngineLabels.SandboxKind}";

    // A foreign container may hold an address that we think is free; so many of them in a row is a fault.
    private const int AddressTries = 16;

    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    public Task EnsureNetworkAsync(string podCidr, CancellationToken cancel) => network.EnsureAsync(podCidr, cancel);

    public async Task<SandboxState> CreateAsync(SandboxSpec spec, CancellationToken cancel)
    {
        var existing = await engine.InspectAsync(SandboxParameters.NameOf(spec), cancel);
        if (existing is { State.Status: "created" })
        {
            // The process that made it died before it was started; what it asked for may have been half done.
            await engine.RemoveAsync(existing.ID, cancel);
            existing = null;
        }

        var id = existing?.ID ?? await StartNewAsync(spec, await pause.EnsureAsync(cancel), cancel);
        return await GetAsync(id, cancel) ?? throw new RuntimeException(RuntimeError.NotFound, $"The sandbox {id} has vanished.");
    }

    public async Task<IReadOnlyList<SandboxState>> ListAsync(CancellationToken cancel) =>
        [.. (await engine.ListAsync([("label", IsSandbox)], cancel)).Select(ToState)];

    public async Task<SandboxState?> GetAsync(string id, CancellationToken cancel) =>
        (await engine.ListAsync([("label", IsSandbox), ("id", id)], cancel)).Select(ToState).FirstOrDefault(state => state.Id == id);

    public Task StopAsync(string id, CancellationToken cancel) => engine.StopAsync(id, StopGrace, cancel);

    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        await StopAsync(id, cancel);
        await engine.RemoveAsync(id, cancel);
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

    private static SandboxState ToState(ContainerListResponse container)
    {
        var labels = container.Labels;
        var running = container.State == "running";
        return new SandboxState(
            container.ID,
            EngineLabels.Of(labels, EngineLabels.PodUid),
            EngineLabels.Of(labels, EngineLabels.PodNamespace),
            EngineLabels.Of(labels, EngineLabels.PodName),
            EngineLabels.AttemptOf(labels),
            running,
            running ? EngineLabels.Of(labels, EngineLabels.Address) : "",
            EngineTime.From(container.Created));
    }

    private static bool IsAddressTaken(RuntimeException exception) => exception.Message.Contains("Address already in use", StringComparison.Ordinal);

    private async Task<string> StartNewAsync(SandboxSpec spec, string image, CancellationToken cancel)
    {
        if (spec.HostNetwork)
        {
            return await StartAsync(spec, image, address: null, cancel);
        }

        for (var tries = 1; ; tries++)
        {
            var address = await network.ReserveAsync(cancel);
            try
            {
                return await StartAsync(spec, image, address, cancel);
            }
            catch (RuntimeException exception) when (tries < AddressTries && IsAddressTaken(exception))
            {
                // Held by a container that is not ours: take the next.
            }
            finally
            {
                await network.ReleaseAsync(address);
            }
        }
    }

    private async Task<string> StartAsync(SandboxSpec spec, string image, string? address, CancellationToken cancel)
    {
        var parameters = SandboxParameters.For(spec, engine.Options.Node, image, network.Name, address);
        var created = await engine.CallAsync(docker => docker.Containers.CreateContainerAsync(parameters, cancel), cancel);
        try
        {
            await engine.CallAsync(docker => docker.Containers.StartContainerAsync(created.ID, new ContainerStartParameters(), cancel), cancel);
            if (await engine.InspectAsync(created.ID, cancel) is { ResolvConfPath: { Length: > 0 } resolver })
            {
                await ResolverFile.WriteAsync(resolver, spec, cancel);
            }

            return created.ID;
        }
        catch
        {
            await engine.RemoveAsync(created.ID, CancellationToken.None);
            throw;
        }
    }
}

using GrainKube.Docker.Containers;
using GrainKube.Docker.Engine;
using GrainKube.Docker.Events;
using GrainKube.Docker.Hosting;
using GrainKube.Docker.Images;
using GrainKube.Docker.Pause;
using GrainKube.Docker.Sandboxes;
using GrainKube.Docker.Usage;
using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GrainKube.Docker;

/// <summary>A Docker engine as the runtime of one node.</summary>
internal sealed class DockerRuntime : IContainerRuntime
{
    private readonly DockerEngine engine;
    private readonly PodNetwork network;
    private readonly EngineEvents events;
    private readonly DockerSandboxes sandboxes;
    private readonly DockerContainers containers;
    private readonly InspectedStates states = new();

    public DockerRuntime(IOptions<DockerOptions> options, TimeProvider time, ILogger<DockerRuntime> logger)
    {
        engine = new DockerEngine(options.Value, time);
        network = new PodNetwork(engine);
        events = new EngineEvents(engine, states, logger);
        var known = new KnownSandboxes();
        sandboxes = new DockerSandboxes(engine, new PauseImage(engine), network, known, new PodGroups(engine));
        containers = new DockerContainers(engine, new ControlGroups(), states, known);
        Images = new DockerImages(engine);
    }

    public ISandboxes Sandboxes => sandboxes;

    public IContainers Containers => containers;

    public IImages Images { get; }

    public async Task<RuntimeInfo> GetInfoAsync(CancellationToken cancel)
    {
        var version = await engine.CallAsync(docker => docker.System.GetVersionAsync(cancel), cancel);
        var system = await engine.CallAsync(docker => docker.System.GetSystemInfoAsync(cancel), cancel);
        return new RuntimeInfo("docker", version.Version, version.KernelVersion, system.OperatingSystem, version.Arch)
        {
            // What is reached over the network has a disk of its own, and one behind a socket may yet run in another machine.
            ImageDirectory = engine.Options.Endpoint.StartsWith("unix:", StringComparison.Ordinal) && Directory.Exists(system.DockerRootDir) ? system.DockerRootDir : "",
        };
    }

    public IAsyncEnumerable<RuntimeEvent> WatchAsync(CancellationToken cancel) => events.WatchAsync(cancel);

    public async Task<IReadOnlySet<string>> RunningAsync(CancellationToken cancel) =>
        (await engine.ListAsync([("status", "running")], cancel)).Select(c => c.ID).ToHashSet(StringComparer.Ordinal);

    public async Task<RuntimeListing> ListAsync(CancellationToken cancel)
    {
        var (reading, asked) = (states.Begin(), engine.Time.GetUtcNow());
        var lines = await engine.ListAsync([], cancel);
        return new RuntimeListing(
            [.. lines.Where(line => EngineLabels.Of(line.Labels, EngineLabels.Kind) == EngineLabels.SandboxKind).Select(sandboxes.ToState)],
            await containers.ReadAsync(reading, asked, [.. lines.Where(line => EngineLabels.Of(line.Labels, EngineLabels.Kind) == EngineLabels.ContainerKind)], cancel));
    }

    public ValueTask DisposeAsync()
    {
        network.Dispose();
        engine.Dispose();
        return ValueTask.CompletedTask;
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Hosting;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Simulation;
using GrainKube.Kubelet.Tests.Cluster;
using GrainKube.Kubelet.Volumes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace GrainKube.Kubelet.Tests.Agent;

/// <summary>A node's kubelet on a simulated runtime, with time in the test's hand.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly IReadOnlyList<string> clusterDns;
    private readonly IContainerRuntime seen;
    private readonly string staticPods;
    private readonly IMachineFigures? figures;
    private readonly string root;
    private readonly EvictionOptions eviction;

    public TestNode(IPodVolumes? volumes = null, INetworkProber? prober = null, IReadOnlyList<string>? clusterDns = null, Func<IContainerRuntime, IContainerRuntime>? through = null, string staticPods = "",
        IMachineFigures? figures = null, string? root = null, EvictionOptions? eviction = null)
    {
        (this.figures, this.root, this.eviction) = (figures, root ?? Path.GetTempPath(), eviction ?? new EvictionOptions());
        Runtime = new SimulatedRuntime(Time);
        seen = through?.Invoke(Runtime) ?? Runtime;
        (this.clusterDns, this.staticPods) = (clusterDns ?? [], staticPods);
        (Volumes, Prober) = (volumes ?? new NoVolumes(), prober ?? new SimulatedProber());
        Agent = NewAgent();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    public MemoryNodeView View { get; } = new("node-1");
    public SimulatedRuntime Runtime { get; }
    public IPodVolumes Volumes { get; }
    public INetworkProber Prober { get; }
    public NodeAgent Agent { get; private set; }

    public static async Task<TestNode> StartAsync(IPodVolumes? volumes = null, INetworkProber? prober = null)
    {
        var node = new TestNode(volumes, prober);
        await node.Agent.StartAsync();
        return node;
    }

    /// <summary>The kubelet ends and another begins; containers go on.</summary>
    /// <param name="between">What happens while there is none.</param>
    public async Task RestartAsync(Func<Task>? between = null)
    {
        await Agent.DisposeAsync();
        await (between?.Invoke() ?? Task.CompletedTask);
        Agent = NewAgent();
        await Agent.StartAsync();
    }

    public KubeObject Apply(string spec, string name = "web", string metadata = "{}")
    {
        var meta = JsonNode.Parse(metadata)!.AsObject();
        meta["name"] = name;
        meta["namespace"] = "default";
        var body = JsonNode.Parse(spec)!.AsObject();
        body["nodeName"] = "node-1";
        return View.Put(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = meta, ["spec"] = body, ["status"] = new JsonObject { ["phase"] = "Pending" } });
    }

    public void Delete(string name = "web", int grace = 30)
    {
        var pod = View.Get(Keys.Pod("default", name))!.ToNode();
        pod["metadata"]!["deletionTimestamp"] = Time.GetUtcNow().ToString("O");
        pod["metadata"]!["deletionGracePeriodSeconds"] = grace;
        View.Put(pod);
    }

    public JsonNode? Status(string name = "web") => View.Get(Keys.Pod("default", name))?.ToNode()["status"];

    public async Task<IReadOnlyList<ContainerState>> ContainersAsync() => await Runtime.Containers.ListAsync(CancellationToken.None);

    public Task UntilAsync(Func<JsonNode, bool> condition, string name = "web") =>
        UntilAsync(() => Status(name) is { } status && condition(status), () => Status(name)?.ToJsonString() ?? "no pod");

    /// <summary>Lets time pass until the world has become so: a hundred times as fast as on the wall, and no faster, because what the agent does at a time must have its turn before that time is long over.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not happen; now: {Status()?.ToJsonString()}");
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>Waits for the world to become so; nothing here waits for time.</summary>
    public async Task UntilAsync(Func<bool> condition, Func<string>? describe = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not happen; now: {describe?.Invoke()}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Runtime.DisposeAsync();
    }

    private NodeAgent NewAgent() => new(new NodeServices(
        new NodeOptions
        {
            Name = "node-1", PodCidr = "10.9.0.0/24", NodeIp = "192.0.2.1", RootDirectory = root, ClusterDns = clusterDns, RelistPeriod = TimeSpan.FromSeconds(5), StaticPods = staticPods, Eviction = eviction,
        },
        View, seen, Volumes, Prober, Time, NullLoggerFactory.Instance, figures));
}

using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json.Nodes;
using GrainKube.Docker.Hosting;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Tests.Cluster;
using GrainKube.Kubelet.Volumes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrainKube.Kubelet.Tests.OnDocker;

/// <summary>A kubelet on the real engine, with a node name and a network of its own. The image is made from the machine's static busybox.</summary>
public sealed class DockerNode : IAsyncLifetime
{
    public const string Image = "grainkube.local/kubelet-test:1";
    private const string Forever = "trap 'exit 0' TERM; sleep 3600 & wait";
    private const string Name = "node-1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string[] Applets = ["sh", "cat", "echo", "env", "false", "httpd", "id", "ls", "sleep", "true", "wget", "touch", "rm", "test", "stat"];

    private readonly string root = Directory.CreateTempSubdirectory("grainkube-kubelet-").FullName;
    private readonly NetworkProber prober = new(TimeProvider.System);
    private readonly string engineNode = $"kubelet-{Guid.NewGuid():N}"[..15];
    private readonly string cidr = $"10.{Random.Shared.Next(200, 250)}.{Random.Shared.Next(256)}.0/24";
    private ServiceProvider services = null!;

    internal MemoryNodeView View { get; } = new(Name);
    internal NodeAgent Agent { get; private set; } = null!;
    internal IContainerRuntime Runtime { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await MakeImageAsync();
        services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddDockerRuntime(o => o.Node = engineNode)
            .BuildServiceProvider();
        Runtime = services.GetRequiredService<IContainerRuntime>();
        await StartAsync();
    }

    /// <summary>The kubelet ends and another begins on the same engine and disk.</summary>
    public async Task RestartAsync()
    {
        await Agent.DisposeAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var pod in View.Pods().ToList())
        {
            Delete(pod.Key.Name, grace: 1);
        }

        await UntilAsync(() => Agent.Pods == 0, () => "pods left");
        await Agent.DisposeAsync();
        await services.DisposeAsync();
        await RunAsync("docker", "network", "rm", $"grainkube-{engineNode}");
        prober.Dispose();
        Directory.Delete(root, recursive: true);
    }

    /// <summary>Puts a pod; <c>IMAGE</c> stands for the test's image, <c>FOREVER</c> for a script that ends when it is asked to.</summary>
    internal void Apply(string name, string spec, string metadata = "{}")
    {
        var meta = JsonNode.Parse(metadata)!.AsObject();
        (meta["name"], meta["namespace"]) = (name, "default");
        var body = JsonNode.Parse(spec.Replace("IMAGE", Image, StringComparison.Ordinal).Replace("FOREVER", Forever, StringComparison.Ordinal))!.AsObject();
        body["nodeName"] = Name;
        View.Put(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = meta, ["spec"] = body });
    }

    internal void Delete(string name, int grace)
    {
        var pod = View.Get(Keys.Pod("default", name))!.ToNode();
        pod["metadata"]!["deletionTimestamp"] = TimeProvider.System.GetUtcNow().ToString("O");
        pod["metadata"]!["deletionGracePeriodSeconds"] = grace;
        View.Put(pod);
    }

    internal JsonNode? Status(string name) => View.Get(Keys.Pod("default", name))?.ToNode()["status"];

    internal Task UntilAsync(string name, Func<JsonNode, bool> condition) => UntilAsync(
        () => Status(name) is { } status && condition(status),
        () => $"{Status(name)?.ToJsonString()}\n{string.Join('\n', View.Events.Select(e => $"{e.Reason}: {e.Message}"))}");

    internal async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"It did not happen; now: {describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private async Task StartAsync()
    {
        var options = new NodeOptions { Name = Name, PodCidr = cidr, NodeIp = "192.0.2.1", RootDirectory = root };
        var volumes = new PodVolumes(options, new Tokens(), TimeProvider.System);
        Agent = new NodeAgent(new NodeServices(options, View, Runtime, volumes, prober, TimeProvider.System, NullLoggerFactory.Instance));
        await Agent.StartAsync();
    }

    private static async Task MakeImageAsync()
    {
        var file = Path.GetTempFileName();
        await using (var tar = new TarWriter(File.Create(file)))
        {
            await tar.WriteEntryAsync("/bin/busybox", "bin/busybox");
            foreach (var applet in Applets)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
            }
        }

        await RunAsync("docker", "import", "--change", "ENV PATH=/bin", file, Image);
        File.Delete(file);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }

    private sealed class Tokens : ITokenSource
    {
        public Task<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancel) =>
            Task.FromResult(new IssuedToken($"token of {request.ServiceAccount}", TimeProvider.System.GetUtcNow() + request.Lifetime));
    }
}

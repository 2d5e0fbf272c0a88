using System.Text.Json.Nodes;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Testing.Stores;

namespace GrainKube.Server.Tests.Silos;

/// <summary>Three servers on one machine that share an etcd; their traces come to <see cref="Traces"/>.</summary>
public class ThreeSilos : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("grainkube-silos-");
    private readonly string runtime;
    private EtcdServer? etcd;

    public ThreeSilos()
        : this("simulated")
    {
    }

    protected ThreeSilos(string runtime) => this.runtime = runtime;

    internal IReadOnlyList<Silo> All { get; private set; } = [];

    internal TraceReceiver Traces { get; } = new();

    public virtual async Task InitializeAsync()
    {
        etcd = await EtcdServer.StartAsync();
        var tag = Guid.NewGuid().ToString("N")[..6];
        var pods = TestRanges.PodsOfFourNodes();
        var services = TestRanges.Services();
        var traces = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Traces.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        All = [.. Enumerable.Range(1, 3).Select(n => new Silo($"s{n}-{tag}", directory.FullName, traces,
        [
            "--store", $"etcd={etcd.Endpoint}", "--clustering", "store", "--runtime", runtime, "--cluster-cidr", pods, "--service-cidr", services, "--dashboard",
        ]))];
        foreach (var silo in All)
        {
            silo.Start();
        }

        await Task.WhenAll(All.Select(silo => silo.ReadyAsync()));
    }

    public virtual async Task DisposeAsync()
    {
        foreach (var silo in All)
        {
            await silo.DisposeAsync();
        }

        if (etcd is not null)
        {
            await etcd.DisposeAsync();
        }

        Traces.Dispose();

        // A test that failed may have left a pod and its memory-backed volumes.
        await Command.RunAsync("/bin/sh", ["-c", $"awk '$2 ~ \"^{directory.FullName}/\" {{ print $2 }}' /proc/mounts | xargs -r umount"]);
        directory.Delete(recursive: true);
    }

    /// <summary>Starts again what a test left lying.</summary>
    internal Task AllUpAsync() => Task.WhenAll(All.Select(silo => silo.Process.HasExited ? silo.RestartAsync() : silo.ReadyAsync()));

    internal static JsonNode Deployment(string name, int replicas, string image) => JsonNode.Parse($$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}" },"spec":{"replicas":{{replicas}},"selector":{"matchLabels":{"app":"{{name}}" } },
         "template":{"metadata":{"labels":{"app":"{{name}}" } },"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"c","image":"{{image}}" }] } } } }
        """)!;

    internal static Task AllReadyAsync(Silo through, string deployment, int replicas) => Eventually.GetAsync(
        () => through.GetAsync($"/apis/apps/v1/namespaces/default/deployments/{deployment}"),
        item => (int?)item?["status"]?["readyReplicas"] == replicas && (int?)item["status"]?["updatedReplicas"] == replicas && (int?)item["status"]?["replicas"] == replicas,
        $"{deployment} is rolled out");
}

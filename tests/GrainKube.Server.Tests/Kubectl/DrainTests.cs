using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

/// <summary>On a cluster of their own: a cordoned node would keep the pods of other tests waiting, and a drained one lose them.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private ServerCluster? cluster;

    public static TheoryData<string> Versions => KubectlBinaries.Versions;

    private ServerCluster Cluster => cluster!;

    public async Task InitializeAsync() => cluster = await ServerCluster.StartAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    [Theory, MemberData(nameof(Versions))]
    public async Task Draining_a_node_respects_the_budget_and_goes_on_without_it(string version)
    {
        var kubectl = Cluster.Kubectl(version, await Cluster.NewNamespaceAsync());
        await kubectl.ApplyAsync(Sample.Deployment("web", 2));
        await kubectl.ApplyAsync("""
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: { name: web }
            spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
            """);
        await kubectl.UntilAsync("pdb/web", "{.status.disruptionsAllowed}", "1");

        var refused = await kubectl.FailsAsync(Drain("5s"));

        Assert.True(refused.Contains("Cannot evict pod as it would violate the pod's disruption budget.", StringComparison.Ordinal), refused);
        await kubectl.UntilAsync("pdb/web", "{.status.currentHealthy} {.status.disruptionsAllowed}", "1 0");

        await kubectl.OkAsync("delete", "pdb", "web");
        await kubectl.OkAsync(Drain("60s"));
        await kubectl.OkAsync("uncordon", Cluster.NodeName);
        await kubectl.UntilAsync("deployment/web", "{.status.readyReplicas}", "2");
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task An_exposed_workload_has_endpoints(string version)
    {
        var kubectl = Cluster.Kubectl(version, await Cluster.NewNamespaceAsync());
        await kubectl.ApplyAsync(Sample.Deployment("web", 2));

        Assert.Equal("service/web exposed\n", await kubectl.OkAsync("expose", "deployment/web", "--port=80", "--target-port=8080"));

        var addresses = await kubectl.UntilAsync("endpoints/web", "{.subsets[0].addresses[*].ip}", value => value.Split(' ').Length == 2, "two addresses");
        var slice = await kubectl.OkAsync("get", "endpointslices", "-l", "kubernetes.io/service-name=web", "-o", "jsonpath={.items[0].endpoints[*].addresses[0]} {.items[0].ports[0].port}");
        Assert.Equal([.. addresses.Split(' ').Order(StringComparer.Ordinal), "8080"], slice.Split(' ').Order(StringComparer.Ordinal));
        await kubectl.OkAsync("delete", "service", "web");
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "endpoints,endpointslices", "-o", "name"), left => left.Length == 0, "nothing of the service");
    }

    private string[] Drain(string timeout) => ["drain", Cluster.NodeName, "--pod-selector=app=web", "--ignore-daemonsets", "--timeout=" + timeout];
}

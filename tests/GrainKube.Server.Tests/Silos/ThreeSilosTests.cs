using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Silos;

[Collection(AloneCollection.Name)]
public sealed class ThreeSilosTests(ThreeSilos cluster) : IClassFixture<ThreeSilos>, IAsyncLifetime
{
    private const string Services = "/api/v1/namespaces/default/services";
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private static readonly TimeSpan AllowedGap = TimeSpan.FromSeconds(5);

    public Task InitializeAsync() => cluster.AllUpAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_gateway_serves_every_request_for_the_kubeconfig_of_each()
    {
        foreach (var (kubeconfig, gateway) in cluster.All.SelectMany(a => cluster.All.Select(b => (a.Kubeconfig, b))))
        {
            using var client = AdminClient.For(kubeconfig, gateway.Address);
            using var answer = await client.GetAsync(new Uri("/api/v1/nodes", UriKind.Relative));
            var nodes = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["items"]!.AsArray().Select(n => (string?)n!["metadata"]!["name"]);
            Assert.Equal(cluster.All.Select(s => s.Name), nodes.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task One_trace_shows_a_deployment_from_the_request_to_the_containers_across_silos()
    {
        var trace = Guid.NewGuid().ToString("N");
        Assert.Equal(HttpStatusCode.Created, await cluster.All[0].SendAsync(
            HttpMethod.Post, Deployments, ThreeSilos.Deployment("traced", 6, "busybox:1"), traceParent: $"00-{trace}-00f067aa0ba902b7-01"));
        await ThreeSilos.AllReadyAsync(cluster.All[1], "traced", 6);

        string[] expected =
        [
            "POST deployments", "create deployments", "reconcile deployment", "create replicasets", "reconcile replicaset", "create pods", "reconcile scheduler", "create sandbox", "start container",
        ];
        var spans = await Eventually.GetAsync(
            () => Task.FromResult(cluster.Traces.Spans.Where(s => s.Trace == trace).ToList()),
            all => expected.All(name => all.Any(s => s.Name == name)) && all.Count(s => s.Name == "start container") >= 6,
            "the trace");
        Assert.True(spans.Select(s => s.Silo).Distinct().Count() >= 2, string.Join('\n', spans));
        await cluster.All[0].SendAsync(HttpMethod.Delete, $"{Deployments}/traced", null);
    }

    [Fact]
    public async Task The_dashboard_and_the_metrics_are_for_administrators()
    {
        using var nobody = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var anonymous = new HttpClient(nobody) { BaseAddress = cluster.All[2].Address };
        foreach (var path in (string[])["/dashboard/", "/metrics"])
        {
            using var welcome = await cluster.All[2].Http.GetAsync(new Uri(path, UriKind.Relative));
            using var refused = await anonymous.GetAsync(new Uri(path, UriKind.Relative));
            using var lying = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "nonsense") } };
            using var unknown = await anonymous.SendAsync(lying);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (welcome.StatusCode, refused.StatusCode, unknown.StatusCode));
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Killed_silos_interrupt_neither_writes_nor_a_rolling_update(int victims)
    {
        var (survivors, killed) = (cluster.All.Skip(victims).ToList(), cluster.All.Take(victims).ToList());
        var (through, name) = (survivors[^1], $"rolled-{victims}");
        await through.SendAsync(HttpMethod.Post, Deployments, ThreeSilos.Deployment(name, 12, "busybox:1"));
        await ThreeSilos.AllReadyAsync(through, name, 12);
        var writes = new SteadyWrites(survivors);
        var most = 0;
        Assert.Equal(HttpStatusCode.OK, await through.SendAsync(
            HttpMethod.Patch, $"{Deployments}/{name}", JsonNode.Parse("""{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"busybox:2"}]}}}}"""), "application/strategic-merge-patch+json"));
        var children = killed.Select(s => s.Child!.Value).ToList();
        killed.ForEach(silo => silo.Kill());

        // A new deployment needs reconcilers and scheduler.
        await through.SendAsync(HttpMethod.Post, Deployments, ThreeSilos.Deployment(name + "-after", 3, "busybox:1"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => await BoundAsync(through, name + "-after") == 3, "new pods are bound");
        Assert.True(clock.Elapsed < AllowedGap * 2, $"reconcilers and scheduler went on after {clock.Elapsed}"); // twice: the machine runs other tests beside this one
        await Eventually.TrueAsync(async () => !await through.IsNodeReadyAsync(killed[0].Name), "the node is not ready");
        Assert.DoesNotContain(children, Signals.IsAlive);
        most = Math.Max(most, await LivePodsAsync(through, name));
        await Task.WhenAll(killed.Select(silo => silo.RestartAsync()));
        await Eventually.TrueAsync(
            async () =>
            {
                most = Math.Max(most, await LivePodsAsync(through, name));
                return (int?)(await through.GetAsync($"{Deployments}/{name}"))?["status"]?["readyReplicas"] == 12;
            },
            "the update ends once the silos are back");
        await writes.StopAsync();

        Assert.Empty(writes.Refusals);
        Assert.True(writes.LongestGap < AllowedGap, $"writes were interrupted for {writes.LongestGap}");
        Assert.True(most <= 12 + 3, $"{most} pods where 12 and a surge of 3 are allowed");
        var kept = (await through.GetAsync("/api/v1/namespaces/default/configmaps"))!["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!).ToHashSet();
        Assert.Empty(writes.Acknowledged.Keys.Except(kept));
    }

    [Fact]
    public async Task Nodes_have_ranges_of_their_own_and_services_addresses_of_their_own_whoever_was_asked()
    {
        var ranges = (await cluster.All[0].GetAsync("/api/v1/nodes"))!["items"]!.AsArray().Select(n => (string?)n!["spec"]!["podCIDR"]).ToList();
        Assert.Equal((3, 3), (ranges.Count, ranges.Distinct().Count(r => r is not null)));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(async i => Assert.Equal(HttpStatusCode.Created, await cluster.All[i % 3].SendAsync(
            HttpMethod.Post, Services, JsonNode.Parse($$"""{"metadata":{"name":"addressed-{{i}}","labels":{"of":"addresses"} },"spec":{"type":"NodePort","ports":[{"port":80}]} }""")))));
        var services = (await cluster.All[1].GetAsync($"{Services}?labelSelector=of%3Daddresses"))!["items"]!.AsArray();
        Assert.Equal(30, services.Select(s => (string?)s!["spec"]!["clusterIP"]).Distinct().Count());
        Assert.Equal(30, services.Select(s => (int?)s!["spec"]!["ports"]![0]!["nodePort"]).Distinct().Count());
        foreach (var service in services)
        {
            await cluster.All[2].SendAsync(HttpMethod.Delete, $"{Services}/{service!["metadata"]!["name"]}", null);
        }
    }

    [Fact]
    public async Task The_kubernetes_service_leads_to_living_gateways_only()
    {
        await Eventually.TrueAsync(async () => await GatewaysAsync(cluster.All[1]) == 3, "three gateways");
        cluster.All[0].Kill();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.TrueAsync(async () => await GatewaysAsync(cluster.All[1]) == 2, "two gateways");
        Assert.True(clock.Elapsed < AllowedGap * 2, $"the dead gateway was gone after {clock.Elapsed}");
        await cluster.All[0].RestartAsync();
        await Eventually.TrueAsync(async () => await GatewaysAsync(cluster.All[1]) == 3, "three gateways again");
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_by_mistake_ends_and_comes_back()
    {
        var (frozen, other) = (cluster.All[1], cluster.All[2]);
        var child = frozen.Child!.Value;
        Signals.Send(child, Signals.Stop);
        await Eventually.TrueAsync(async () => !await other.IsNodeReadyAsync(frozen.Name), "its node is not ready");
        Signals.Send(child, Signals.Continue);

        await Eventually.TrueAsync(() => Task.FromResult(!Signals.IsAlive(child) && frozen.Child is not null), "its supervisor has started it again");
        await frozen.ReadyAsync();
        await Eventually.TrueAsync(() => other.IsNodeReadyAsync(frozen.Name), "its node is ready for the others");
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_ends_in_time_and_leaves_the_others_alone()
    {
        var child = cluster.All[0].Child!.Value;
        Assert.True(await cluster.All[0].Process.StopAsync() < TimeSpan.FromSeconds(10));
        Assert.Equal(0, cluster.All[0].Process.ExitCode);
        Assert.False(Signals.IsAlive(child));
        Assert.Equal(HttpStatusCode.Created, await cluster.All[1].SendAsync(HttpMethod.Post, "/api/v1/namespaces", JsonNode.Parse($$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"after-{{child}}" } }""")));
        await cluster.All[0].RestartAsync();
    }

    /// <summary>Gateways in the slices of the service; -1 where the Endpoints say otherwise.</summary>
    private static async Task<int> GatewaysAsync(Silo through)
    {
        var slices = (await through.GetAsync("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes"))!["items"]!.AsArray();
        var endpoints = (await through.GetAsync("/api/v1/namespaces/default/endpoints/kubernetes"))?["subsets"]?.AsArray();
        var (inSlices, inEndpoints) = (slices.Sum(s => s!["endpoints"]!.AsArray().Count), endpoints?.Sum(s => s!["addresses"]!.AsArray().Count));
        return inSlices == inEndpoints ? inSlices : -1;
    }

    private static async Task<int> BoundAsync(Silo through, string app) =>
        (await PodsAsync(through, app)).Count(pod => pod!["spec"]!["nodeName"] is not null);

    private static async Task<int> LivePodsAsync(Silo through, string app) =>
        (await PodsAsync(through, app)).Count(pod => pod!["metadata"]!["deletionTimestamp"] is null && (string?)pod["status"]?["phase"] is not ("Failed" or "Succeeded"));

    private static async Task<IList<JsonNode?>> PodsAsync(Silo through, string app) => (await through.GetAsync($"/api/v1/namespaces/default/pods?labelSelector=app%3D{app}"))!["items"]!.AsArray();
}

using GrainKube.ApiServer.Discovery;
using GrainKube.ApiServer.Health;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Discovery;

[Collection(ApiCollection.Name)]
public sealed class DiscoveryTests(ApiWorld world)
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    [Fact]
    public async Task Groups_tell_their_preferred_version()
    {
        var groups = (await world.GetAsync("/apis"))["groups"]!.AsArray();
        var apps = groups.Single(g => (string?)g!["name"] == "apps")!;
        Assert.Equal("""{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}""", apps.ToJsonString());
    }

    [Fact]
    public async Task A_version_lists_its_kinds_and_subresources()
    {
        var list = await world.GetAsync("/apis/apps/v1");
        Assert.Equal("apps/v1", (string?)list["groupVersion"]);
        var scale = list["resources"]!.AsArray().Single(r => (string?)r!["name"] == "deployments/scale")!;
        Assert.Equal(
            """{"name":"deployments/scale","singularName":"","namespaced":true,"group":"autoscaling","version":"v1","kind":"Scale","verbs":["get","patch","update"]}""", scale.ToJsonString());
    }

    [Fact]
    public async Task Aggregated_discovery_is_given_to_those_who_ask_and_kept_by_its_tag()
    {
        var list = await world.GetAsync("/apis", $"{Aggregated},application/json");
        Assert.Equal(("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2"), ((string?)list["kind"], (string?)list["apiVersion"]));
        using var answer = await world.SendRawAsync("GET", "/api", accept: Aggregated);
        Assert.Equal(Aggregated, answer.Content.Headers.GetValues("Content-Type").Single().Replace(" ", ""));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api");
        again.Headers.TryAddWithoutValidation("Accept", Aggregated);
        again.Headers.TryAddWithoutValidation("If-None-Match", answer.Headers.ETag!.ToString());
        Assert.Equal(304, (int)(await world.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Hashes_of_storage_versions_stand_in_the_text_as_they_are()
    {
        using var answer = await world.SendRawAsync("GET", "/api/v1");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"storageVersionHash\":\"HN/zwEC+JgM=\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_lists_paths()
    {
        var paths = (await world.GetAsync("/"))["paths"]!.AsArray().Select(p => (string)p!).ToList();
        Assert.Superset(new HashSet<string> { "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/healthz", "/livez", "/openapi/v2", "/readyz", "/version" }, paths.ToHashSet());
    }

    [Fact]
    public async Task The_version_is_the_api_that_is_served()
    {
        var version = await world.GetAsync("/version");
        Assert.Equal(("1", "37"), ((string?)version["major"], (string?)version["minor"]));
        Assert.Matches("^[0-9a-f]+$", (string?)version["gitCommit"]);
        Assert.StartsWith("v1.37.0+grainkube", (string?)version["gitVersion"]);
    }

    [Fact]
    public async Task An_unknown_path_is_plain_text()
    {
        using var answer = await world.SendRawAsync("GET", "/apis/no.such.group/v1/things");
        Assert.Equal((404, "404 page not found\n"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public void Versions_are_ordered_by_stability_and_number()
    {
        string[] versions = ["v1alpha1", "v1", "v2beta1", "foo", "v10", "v2", "v2beta2"];
        Assert.Equal(["v10", "v2", "v1", "v2beta2", "v2beta1", "v1alpha1", "foo"], versions.Order(VersionOrder.Instance));
    }

    [Fact]
    public async Task Health_is_ok_and_tells_its_probes_when_asked()
    {
        using var plain = await world.SendRawAsync("GET", "/readyz");
        Assert.Equal("ok", await plain.Content.ReadAsStringAsync());
        var ready = await LinesAsync("/readyz?verbose");
        Assert.Equal(["[+]ping ok", "[+]log ok", "[+]etcd ok", "[+]etcd-readiness ok", "[+]informer-sync ok"], ready[..5]);
        Assert.Contains("[+]poststarthook/rbac/bootstrap-roles ok", ready);
        Assert.Equal(["[+]shutdown ok", "readyz check passed", ""], ready[^3..]);
        var live = await LinesAsync("/livez?verbose");
        Assert.Equal(["[+]etcd-readiness ok", "[+]informer-sync ok", "[+]shutdown ok", "readyz check passed"], ready.Except(live));
        var without = await LinesAsync("/readyz?verbose&exclude=etcd&exclude=moon");
        Assert.Equal("[+]etcd excluded: ok", without[2]);
        Assert.Equal("warn: some health checks cannot be excluded: no matches for \"moon\"", without[^3]);
        using var one = await world.SendRawAsync("GET", "/livez/ping");
        Assert.Equal(200, (int)one.StatusCode);
        using var step = await world.SendRawAsync("GET", "/readyz/poststarthook/rbac/bootstrap-roles");
        Assert.Equal("ok", await step.Content.ReadAsStringAsync());
        using var none = await world.SendRawAsync("GET", "/readyz/poststarthook/rbac");
        Assert.Equal(404, (int)none.StatusCode);
    }

    [Fact]
    public async Task The_steps_of_the_start_are_not_well_before_they_are_done()
    {
        var progress = new StartProgress();
        var probe = StartProbe.All(progress).First();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await probe.CheckAsync(CancellationToken.None));
        progress.Complete();
        await probe.CheckAsync(CancellationToken.None);
    }

    private async Task<string[]> LinesAsync(string path)
    {
        using var answer = await world.SendRawAsync("GET", path);
        return (await answer.Content.ReadAsStringAsync()).Split('\n');
    }
}

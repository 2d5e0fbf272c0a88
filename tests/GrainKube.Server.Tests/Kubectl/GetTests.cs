using System.Text.Json.Nodes;
using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

public sealed class GetTests(SharedCluster shared) : KubectlTest(shared)
{
    [Theory, MemberData(nameof(Versions))]
    public async Task Get_prints_tables_names_yaml_and_json(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.ConfigMap("one", "{ app: one, tier: web }"));
        await kubectl.ApplyAsync(Sample.ConfigMap("two", "{ app: two, tier: web }"));
        await kubectl.UntilAsync("configmap/kube-root-ca.crt", "{.metadata.name}", "kube-root-ca.crt"); // a controller's

        Assert.Matches("NAME +DATA +AGE\nkube-root-ca.crt +1 +[0-9]+s\none +1 +[0-9]+s\ntwo +1 +[0-9]+s\n", await kubectl.OkAsync("get", "configmaps"));
        Assert.Equal("configmap/one\nconfigmap/two\n", await kubectl.OkAsync("get", "cm", "-l", "tier=web", "-o", "name"));
        Assert.Matches("^one +1 +[0-9]+s +app=one,tier=web\n$", await kubectl.OkAsync("get", "cm", "-l", "app in (one),tier", "--no-headers", "--show-labels"));
        Assert.Equal("configmap/two\n", await kubectl.OkAsync("get", "cm", "--field-selector", "metadata.name=two", "-o", "name"));
        var yaml = await kubectl.OkAsync("get", "cm", "one", "-o", "yaml");
        Assert.StartsWith("apiVersion: v1\ndata:\n  key: value\nkind: ConfigMap\nmetadata:\n", yaml, StringComparison.Ordinal);
        var json = JsonNode.Parse(await kubectl.OkAsync("get", "cm,sa", "-l", "app=one", "-o", "json"))!;
        Assert.Equal("List", (string?)json["kind"]);
        Assert.Equal("one", (string?)json["items"]!.AsArray().Single()!["metadata"]!["name"]);
        Assert.Equal("""Error from server (NotFound): configmaps "three" not found""" + "\n", await kubectl.FailsAsync("get", "cm", "three"));
        Assert.Contains("doesn't have a resource type \"nothings\"", await kubectl.FailsAsync("get", "nothings"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Get_finds_items_of_all_namespaces(string version)
    {
        var kubectl = await NewAsync(version);
        var other = await Cluster.NewNamespaceAsync();
        var name = $"everywhere-{version.Replace('.', '-')}";
        await kubectl.ApplyAsync(Sample.ConfigMap(name));
        await Cluster.Kubectl(version, other).ApplyAsync(Sample.ConfigMap(name));

        var found = await kubectl.OkAsync("get", "configmaps", "-A", "--field-selector", $"metadata.name={name}", "--no-headers");

        Assert.Equal(new[] { kubectl.Namespace, other }.Order(StringComparer.Ordinal), found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Get_sorts_and_picks_columns(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.ConfigMap("b", "{ mine: yes1 }"));
        await kubectl.ApplyAsync(Sample.ConfigMap("a", "{ mine: yes1 }"));

        Assert.Equal("WHO   DATA\na     value\nb     value\n", await kubectl.OkAsync("get", "cm", "-l", "mine", "--sort-by=.metadata.name", "-o", "custom-columns=WHO:.metadata.name,DATA:.data.key"));
        Assert.Equal("a b", await kubectl.OkAsync("get", "cm", "-l", "mine", "-o", "jsonpath={.items[*].metadata.name}"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Get_watches(string version)
    {
        var kubectl = await NewAsync(version);
        using var watch = Command.Start(kubectl.Program, [.. kubectl.Base, "get", "configmaps", "-w", "-l", "mine", "-o", "custom-columns=:.type,:.object.metadata.name,:.object.data.key", "--no-headers", "--output-watch-events"]);
        try
        {
            await kubectl.ApplyAsync(Sample.ConfigMap("first", "{ mine: yes1 }"));
            Assert.Equal("ADDED first value", await NextAsync());
            await kubectl.OkAsync("patch", "cm", "first", "-p", """{"data":{"key":"other"}}""");
            Assert.Equal("MODIFIED first other", await NextAsync());
            await kubectl.OkAsync("delete", "cm", "first");
            Assert.Equal("DELETED first other", await NextAsync());
        }
        finally
        {
            watch.Kill();
        }

        async Task<string> NextAsync() => string.Join(' ', (await watch.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Bound, TimeProvider.System))!.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Wide_tables_show_where_pods_and_what_nodes_are(string version)
    {
        var kubectl = await NewAsync(version);
        await kubectl.ApplyAsync(Sample.Deployment("web", 1));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");

        Assert.Matches(
            $"NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\nweb-[a-z0-9]+-[a-z0-9]+ +1/1 +Running +0 +[0-9]+s +10\\.[0-9.]+ +{Cluster.NodeName} +<none> +<none>\n",
            await kubectl.OkAsync("get", "pods", "-o", "wide"));
        Assert.Matches("NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nweb +1/1 +1 +1 +[0-9]+s +web +[^ ]+ +app=web\n", await kubectl.OkAsync("get", "deployments", "-o", "wide"));
        Assert.Matches($"{Cluster.NodeName} +Ready +[^ ]+ +[0-9ms]+ +v1.37.0", await kubectl.OkAsync("get", "nodes", "-o", "wide"));
        Assert.Contains("deployment.apps/web", await kubectl.OkAsync("get", "all"), StringComparison.Ordinal);
    }
}

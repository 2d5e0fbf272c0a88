using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ApiServices;

public sealed class AggregationTests(AggregationWorld world) : IClassFixture<AggregationWorld>
{
    [Fact]
    public async Task What_the_server_serves_itself_is_registered_and_available()
    {
        var (_, list, _) = await world.SendAsync("GET", AggregationWorld.Root);
        var items = list!["items"]!.AsArray().ToDictionary(i => (string)i!["metadata"]!["name"]!, i => i!);
        Assert.Equal((18000, 1), Priority(items["v1."]));
        Assert.Equal((17800, 15), Priority(items["v1.apps"]));
        Assert.Equal((17500, 30), Priority(items["v2.autoscaling"]));
        Assert.DoesNotContain("v1.apiregistration.k8s.io", items.Keys);
        Assert.Equal("onstart", (string?)items["v1.apps"]["metadata"]!["labels"]!["kube-aggregator.kubernetes.io/automanaged"]);
        Assert.Equal("Local", (string?)items["v1.apps"]["status"]!["conditions"]![0]!["reason"]);
        var (_, table, _) = await world.SendAsync("GET", $"{AggregationWorld.Root}/v1.apps", headers: ("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1"));
        Assert.Equal("""["v1.apps","Local","True"]""", new JsonArray([.. table!["rows"]![0]!["cells"]!.AsArray().Take(3).Select(c => c!.DeepClone())]).ToJsonString());
    }

    [Fact]
    public async Task Custom_resources_are_registered_for_as_long_as_they_are_served()
    {
        await world.Cluster.ApplyAsync(Sample.Parse("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"gadgets.registered.example.com"},"spec":{"group":"registered.example.com","scope":"Namespaced",
             "names":{"plural":"gadgets","kind":"Gadget"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"} } }]} }
            """));
        var made = await world.ConditionAsync("v1.registered.example.com", "True", "Local");
        Assert.Equal((1000, 100), (made.Spec.GroupPriorityMinimum, made.Spec.VersionPriority));
        Assert.Equal("true", made.Metadata.Labels["kube-aggregator.kubernetes.io/automanaged"]);
        await world.Cluster.Objects.DeleteAsync(new("apiextensions.k8s.io", "customresourcedefinitions", "", "gadgets.registered.example.com"), null, CancellationToken.None);
        await world.Cluster.EventuallyAsync<V1APIService>(o => o.Key.Name == made.Metadata.Name, items => items.Count == 0);
    }

    [Fact]
    public async Task Requests_reach_the_other_server_as_the_user_who_made_them()
    {
        await using var server = await world.RegisterAsync("wardle.example.com");
        const string flunders = "/apis/wardle.example.com/v1alpha1/namespaces/default/flunders";
        var (created, made, _) = await world.SendAsync("POST", flunders, """{"apiVersion":"wardle.example.com/v1alpha1","kind":"Flunder","metadata":{"name":"one","labels":{"a":"b"}}}""");
        Assert.Equal((201, "101"), (created, (string?)made!["metadata"]!["resourceVersion"]));
        Assert.Equal("admin", server.Asked[^1]["x-remote-user"]);
        Assert.Contains("system:masters", server.Asked[^1]["x-remote-group"], StringComparison.Ordinal);
        Assert.True(Guid.TryParse(server.Asked[^1]["audit-id"], out _));

        // Somebody else, with forged headers: RBAC is ours, the rest is the other server's.
        (string, string)[] jane = [("Impersonate-User", "jane"), ("Impersonate-Extra-Example.com%2fScope", "narrow"), ("X-Remote-User", "root"), ("X-Remote-Group", "system:masters"), ("X-Remote-Extra-Scope", "wide")];
        Assert.Equal(403, (await world.SendAsync("GET", flunders, headers: jane)).Code);
        await world.Cluster.ApplyAsync(Sample.Parse("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"flunder-reader"},"rules":[{"apiGroups":["wardle.example.com"],"resources":["flunders"],"verbs":["list"]}]}"""));
        await world.Cluster.ApplyAsync(Sample.Parse("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"flunder-reader"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"flunder-reader"},
             "subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"jane"}]}
            """));
        await world.Cluster.Objects.WaitForOwnWritesAsync(CancellationToken.None);
        var (code, list, _) = await world.SendAsync("GET", flunders, headers: jane);
        Assert.Equal((200, 1), (code, list!["items"]!.AsArray().Count));
        var seen = server.Asked[^1];
        Assert.Equal(("jane", "system:authenticated", "narrow"), (seen["x-remote-user"], seen["x-remote-group"], seen["x-remote-extra-example.com%2fscope"]));
        Assert.DoesNotContain(seen.Keys, k => k is "authorization" or "x-remote-extra-scope" || k.StartsWith("impersonate", StringComparison.Ordinal));

        // What the other server refuses is its answer.
        Assert.Equal("flunders.wardle.example.com \"none\" not found", (string?)(await world.SendAsync("GET", flunders + "/none")).Json!["message"]);
        Assert.Equal((502, "the backend attempted to redirect this request, which is not permitted\n"), Plain(await world.SendAsync("GET", "/apis/wardle.example.com/v1alpha1/elsewhere")));
        Assert.Equal(200, (await world.SendAsync("DELETE", flunders)).Code);
        Assert.Empty((await world.SendAsync("GET", flunders)).Json!["items"]!.AsArray());
        await world.DeleteAsync("v1alpha1.wardle.example.com");
    }

    [Fact]
    public async Task Watches_and_upgraded_connections_go_through()
    {
        await using var server = await world.RegisterAsync("streams.example.com");
        const string flunders = "/apis/streams.example.com/v1alpha1/namespaces/default/flunders";
        using var watch = await world.Client.GetAsync(flunders + "?watch=true", HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await watch.Content.ReadAsStreamAsync());
        await world.SendAsync("POST", flunders, """{"metadata":{"name":"seen"}}""");
        var seen = JsonNode.Parse((await events.ReadLineAsync())!)!;
        Assert.Equal(("ADDED", "seen"), ((string?)seen["type"], (string?)seen["object"]!["metadata"]!["name"]));

        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        using var invoker = new HttpMessageInvoker(world.Handler());
        await socket.ConnectAsync(new Uri(new UriBuilder(world.Cluster.Host.Address) { Scheme = "wss", Path = flunders + "/seen/exec" }.ToString()), invoker, CancellationToken.None);
        Assert.Equal("v5.channel.k8s.io", socket.SubProtocol);
        await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[64];
        var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Assert.Equal("echo hello", Encoding.UTF8.GetString(buffer, 0, got.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await world.DeleteAsync("v1alpha1.streams.example.com");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Discovery_shows_what_other_servers_have(bool old)
    {
        var group = old ? "old.example.com" : "new.example.com";
        await using var server = await world.RegisterAsync(group, old, groupPriority: 17850);
        var groups = (await world.SendAsync("GET", "/apis")).Json!["groups"]!.AsArray().Select(g => (string)g!["name"]!).ToList();
        Assert.Equal(["apiregistration.k8s.io", group, "apps"], groups.Where(g => !g.EndsWith("example.com", StringComparison.Ordinal) || g == group).Take(3));
        Assert.Equal("v1alpha1", (string?)(await world.SendAsync("GET", $"/apis/{group}")).Json!["preferredVersion"]!["version"]);
        Assert.Equal("fl", (string?)(await world.SendAsync("GET", $"/apis/{group}/v1alpha1")).Json!["resources"]![0]!["shortNames"]![0]);
        var entry = await AggregatedAsync(group);
        Assert.Equal(("Current", "flunders", "Flunder"), ((string?)entry!["freshness"], (string?)entry["resources"]![0]!["resource"], (string?)entry["resources"]![0]!["responseKind"]!["kind"]));
        Assert.Contains($"/apis/{group}/v1alpha1", (await world.SendAsync("GET", "/")).Json!["paths"]!.AsArray().Select(p => (string?)p));
        var address = (string?)(await world.SendAsync("GET", "/openapi/v3")).Json!["paths"]![$"apis/{group}/v1alpha1"]!["serverRelativeURL"];
        Assert.Equal($"/openapi/v3/apis/{group}/v1alpha1?hash=F00", address);
        Assert.Equal(group, (string?)(await world.SendAsync("GET", address!)).Json!["info"]!["title"]);

        var swagger = (await world.SendAsync("GET", "/openapi/v2")).Json!;
        Assert.NotNull(swagger["paths"]![$"/apis/{group}/v1alpha1/flunders"]);
        Assert.NotNull(swagger["paths"]!["/api/v1/namespaces/{namespace}/pods"]);
        Assert.Null(swagger["definitions"]!["unused"]);
        Assert.Equal("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta_v2", (string?)swagger["definitions"]![$"com.{group}.Flunder"]!["properties"]!["metadata"]!["$ref"]);
        Assert.Equal("an older one", (string?)swagger["definitions"]!["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta_v2"]!["description"]);

        // What is not available any more stays in sight.
        await world.Cluster.Objects.DeleteAsync(new("", "services", "default", $"api-{group.Split('.')[0]}"), null, CancellationToken.None);
        await world.ConditionAsync($"v1alpha1.{group}", "False", "ServiceNotFound");
        Assert.Equal("Stale", (string?)(await AggregatedAsync(group))!["freshness"]);
        await world.DeleteAsync($"v1alpha1.{group}");
        await world.Cluster.Objects.WaitForOwnWritesAsync(CancellationToken.None);
        Assert.Null(await AggregatedAsync(group));
        Assert.Equal(404, (await world.SendAsync("GET", $"/apis/{group}")).Code);
    }

    [Fact]
    public async Task A_namespace_takes_with_it_what_other_servers_hold()
    {
        await using var server = await world.RegisterAsync("contents.example.com");
        var ns = await world.Cluster.NamespaceAsync("contents");
        var flunders = $"/apis/contents.example.com/v1alpha1/namespaces/{ns.Name}/flunders";
        Assert.Equal(201, (await world.SendAsync("POST", flunders, """{"metadata":{"name":"mine"}}""")).Code);
        Assert.Equal(201, (await world.SendAsync("POST", flunders.Replace(ns.Name, "default", StringComparison.Ordinal), """{"metadata":{"name":"other"}}""")).Code);

        // Nobody knows what a server holds that does not answer.
        await world.Cluster.Objects.DeleteAsync(new("", "services", "default", "api-contents"), null, CancellationToken.None);
        await world.ConditionAsync("v1alpha1.contents.example.com", "False", "ServiceNotFound");
        await world.SendAsync("DELETE", $"/api/v1/namespaces/{ns.Name}");
        var waiting = (await world.Cluster.EventuallyAsync<V1Namespace>(
            o => o.Key.Name == ns.Name, items => items.Count == 1 && items[0].As<V1Namespace>().Status.Conditions?.Any(c => c.Type == "NamespaceDeletionDiscoveryFailure" && c.Status == "True") == true))[0].As<V1Namespace>();
        Assert.Equal(
            "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: contents.example.com/v1alpha1: stale GroupVersion discovery: contents.example.com/v1alpha1",
            waiting.Status.Conditions.First(c => c.Type == "NamespaceDeletionDiscoveryFailure").Message);

        await world.Cluster.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"api-contents","namespace":"default"},"spec":{"type":"ExternalName","externalName":"localhost"} }"""));
        await world.ConditionAsync("v1alpha1.contents.example.com", "True", "Passed");
        await world.Cluster.EventuallyAsync<V1Namespace>(o => o.Key.Name == ns.Name, items => items.Count == 0);
        Assert.Empty((await world.SendAsync("GET", flunders)).Json!["items"]!.AsArray());
        Assert.Single((await world.SendAsync("GET", flunders.Replace(ns.Name, "default", StringComparison.Ordinal))).Json!["items"]!.AsArray());
        await world.DeleteAsync("v1alpha1.contents.example.com");
    }

    [Fact]
    public async Task Garbage_is_collected_across_servers()
    {
        await using var server = await world.RegisterAsync("garbage.example.com");
        const string flunders = "/apis/garbage.example.com/v1alpha1/namespaces/default/flunders";
        const string maps = "/api/v1/namespaces/default/configmaps";
        string Map(string name, string owners) => $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","ownerReferences":[{{owners}}]} }""";
        string Flunder(string name, string owners) => $$"""{"apiVersion":"garbage.example.com/v1alpha1","kind":"Flunder","metadata":{"name":"{{name}}","ownerReferences":[{{owners}}]} }""";
        string Owner(JsonNode made) => $$"""{"apiVersion":"{{made["apiVersion"]}}","kind":"{{made["kind"]}}","name":"{{made["metadata"]!["name"]}}","uid":"{{made["metadata"]!["uid"]}}"}""";
        var map = (await world.SendAsync("POST", maps, Map("map", ""))).Json!;
        var flunder = (await world.SendAsync("POST", flunders, Flunder("flunder", ""))).Json!;
        await world.SendAsync("POST", flunders, Flunder("of-map", Owner(map)));
        await world.SendAsync("POST", flunders, Flunder("of-flunder", Owner(flunder)));
        await world.SendAsync("POST", maps, Map("of-flunder", Owner(flunder)));
        await world.SendAsync("POST", "/api/v1/namespaces/default/resourcequotas", """{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"flunders"},"spec":{"hard":{"count/flunders.garbage.example.com":"9"}}}""");
        await world.Cluster.EventuallyAsync<V1ResourceQuota>(q => q.Key.Name == "flunders", found => found.Any(q => q.ToNode()["status"]?["used"]?["count/flunders.garbage.example.com"]?.GetValue<string>() == "3"));

        Assert.Equal(200, (await world.SendAsync("DELETE", $"{maps}/map")).Code);
        Assert.Equal(200, (await world.SendAsync("DELETE", $"{flunders}/flunder")).Code);

        await Task.WhenAll(server.GoneAsync("of-map"), server.GoneAsync("of-flunder"));
        await world.Cluster.EventuallyAsync<V1ConfigMap>(m => m.Key.Name == "of-flunder", found => found.Count == 0);
        await world.SendAsync("DELETE", "/api/v1/namespaces/default/resourcequotas/flunders");
        await world.DeleteAsync("v1alpha1.garbage.example.com");
    }

    [Fact]
    public async Task Who_is_not_available_is_not_asked()
    {
        const string name = "v1.absent.example.com";
        await world.Cluster.ApplyAsync(Sample.Parse($$"""
            {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"{{name}}"},"spec":{"group":"absent.example.com","version":"v1","groupPriorityMinimum":1,"versionPriority":1,
             "service":{"name":"absent","namespace":"default"} } }
            """));
        var missing = await world.ConditionAsync(name, "False", "ServiceNotFound");
        Assert.Equal("service/absent in \"default\" is not present", missing.Status.Conditions[0].Message);
        Assert.Equal((503, "service unavailable\n"), Plain(await world.SendAsync("GET", "/apis/absent.example.com/v1/things")));
        Assert.Equal(503, (await world.SendAsync("GET", "/apis/absent.example.com/v1")).Code);

        // A service appears: what is wrong with it is said in its turn.
        await world.Cluster.ApplyAsync(Sample.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"absent","namespace":"default"},"spec":{"ports":[{"port":444}]} }"""));
        Assert.Equal("service/absent in \"default\" is not listening on port 443", (await world.ConditionAsync(name, "False", "ServicePortError")).Status.Conditions[0].Message);
        await world.Cluster.PatchAsync(new("", "services", "default", "absent"), """{"spec":{"ports":[{"port":443}]}}""");
        Assert.Equal("cannot find endpointslices for service/absent in \"default\"", (await world.ConditionAsync(name, "False", "EndpointsNotFound")).Status.Conditions[0].Message);

        // Conditions of others stay beside ours, and the status can be written by anybody who may.
        var (code, _, text) = await world.SendAsync(
            "PATCH", $"{AggregationWorld.Root}/{name}/status", """{"status":{"conditions":[{"type":"StatusUpdated","status":"True","reason":"E2E","message":"Set by a test"}]}}""", "application/strategic-merge-patch+json");
        Assert.True(code == 200, text);
        await world.Cluster.Objects.DeleteAsync(new("", "services", "default", "absent"), null, CancellationToken.None);
        var conditions = (await world.ConditionAsync(name, "False", "ServiceNotFound")).Status.Conditions;
        Assert.Equal(["Available", "StatusUpdated"], conditions.Select(c => c.Type).Order(StringComparer.Ordinal));
        await world.DeleteAsync(name);
    }

    [Fact]
    public async Task A_server_that_refuses_its_discovery_document_is_not_available()
    {
        await using var server = await world.RegisterAsync("refusing.example.com");
        server.DiscoveryCode = 403;
        await world.Cluster.PatchAsync(new("apiregistration.k8s.io", "apiservices", "", "v1alpha1.refusing.example.com"), """{"metadata":{"labels":{"look":"again"}}}""");
        var failed = await world.ConditionAsync("v1alpha1.refusing.example.com", "False", "FailedDiscoveryCheck");
        var url = $"https://api-refusing.default.svc:{server.Port}/apis/refusing.example.com/v1alpha1";
        Assert.Equal($"failing or missing response from {url}: bad status from {url}: 403", failed.Status.Conditions[0].Message);
        server.DiscoveryCode = 200;
        await world.ConditionAsync("v1alpha1.refusing.example.com", "True", "Passed");
        await world.DeleteAsync("v1alpha1.refusing.example.com");
    }

    [Theory]
    [InlineData("v2.a.example.com", """{"group":"a.example.com","version":"v1","groupPriorityMinimum":1,"versionPriority":1}""", "metadata.name: Invalid value: \"v2.a.example.com\": must be `spec.version+\".\"+spec.group`: \"v1.a.example.com\"")]
    [InlineData("v1.a.example.com", """{"group":"a.example.com","version":"v1","groupPriorityMinimum":20001,"versionPriority":0}""", "spec.versionPriority: Invalid value: 0: must be positive and less than 1000")]
    [InlineData("v1.a.example.com", """{"group":"a.example.com","version":"v1","groupPriorityMinimum":1,"versionPriority":1,"insecureSkipTLSVerify":true}""", "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify")]
    [InlineData("v1.a.example.com", """{"group":"a.example.com","version":"v1","groupPriorityMinimum":1,"versionPriority":1,"insecureSkipTLSVerify":true,"caBundle":"eA==","service":{"name":"s"}}""", "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present")]
    public async Task What_makes_no_sense_is_refused(string name, string spec, string expected)
    {
        var (code, answer, _) = await world.SendAsync("POST", AggregationWorld.Root, $$"""{"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"{{name}}"},"spec":{{spec}} }""");
        Assert.Equal(422, code);
        Assert.Contains(expected, (string?)answer!["message"], StringComparison.Ordinal);
    }

    private async Task<JsonNode?> AggregatedAsync(string group)
    {
        var (_, whole, _) = await world.SendAsync("GET", "/apis", headers: ("Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"));
        return whole!["items"]!.AsArray().FirstOrDefault(g => (string?)g!["metadata"]!["name"] == group)?["versions"]![0];
    }

    private static (int, string) Plain((int Code, JsonNode? Json, string Text) answer) => (answer.Code, answer.Text);

    private static (int, int) Priority(JsonNode item) => ((int)item["spec"]!["groupPriorityMinimum"]!, (int)item["spec"]!["versionPriority"]!);
}

using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.OpenApi;

[Collection(ApiCollection.Name)]
public sealed class OpenApiTests(ApiWorld world)
{
    [Fact]
    public async Task The_index_leads_to_each_version()
    {
        var index = await world.GetAsync("/openapi/v3");
        var url = (string)index["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!;
        var document = await world.GetAsync(url);
        var deployment = document["components"]!["schemas"]!["io.k8s.api.apps.v1.Deployment"]!;
        Assert.Equal("""[{"group":"apps","kind":"Deployment","version":"v1"}]""", deployment["x-kubernetes-group-version-kind"]!.ToJsonString());
        var patch = document["paths"]!["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]!["patch"]!;
        Assert.Contains(patch["parameters"]!.AsArray(), p => (string?)p!["name"] == "fieldValidation");
    }

    [Fact]
    public async Task Every_reference_of_a_document_is_defined_in_it()
    {
        var index = await world.GetAsync("/openapi/v3");
        foreach (var (_, entry) in index["paths"]!.AsObject())
        {
            using var answer = await world.SendRawAsync("GET", (string)entry!["serverRelativeURL"]!);
            AssertComplete(await answer.Content.ReadAsStringAsync(), "#/components/schemas/");
        }

        using var v2 = await world.SendRawAsync("GET", "/openapi/v2");
        AssertComplete(await v2.Content.ReadAsStringAsync(), "#/definitions/");
    }

    [Fact]
    public async Task What_leads_to_no_object_is_published_too()
    {
        var swagger = await world.GetAsync("/openapi/v2");
        Assert.Equal("getCodeVersion", (string?)swagger["paths"]!["/version/"]!["get"]!["operationId"]);
        Assert.Equal("#/definitions/io.k8s.apimachinery.pkg.version.Info", (string?)swagger["paths"]!["/version/"]!["get"]!["responses"]!["200"]!["schema"]!["$ref"]);
        Assert.NotNull(swagger["paths"]!["/.well-known/openid-configuration/"]);
        Assert.NotNull(swagger["paths"]!["/openid/v1/jwks/"]);
    }

    [Fact]
    public async Task Lists_say_how_they_are_merged()
    {
        var swagger = await world.GetAsync("/openapi/v2");
        var containers = swagger["definitions"]!["io.k8s.api.core.v1.PodSpec"]!["properties"]!["containers"]!;
        Assert.Equal(("name", "merge"), ((string?)containers["x-kubernetes-patch-merge-key"], (string?)containers["x-kubernetes-patch-strategy"]));
    }

    [Fact]
    public async Task Operations_are_called_and_answered_as_generated_clients_expect()
    {
        var paths = (await world.GetAsync("/openapi/v2"))["paths"]!;
        JsonNode At(string path, string method) => paths[path]![method]!;
        const string pod = "/api/v1/namespaces/{namespace}/pods/{name}";
        Assert.Equal(
            [
                "deleteCoreV1CollectionNamespacedPod", "connectCoreV1GetNamespacedPodExec", "connectCoreV1OptionsNamespacedPodProxyWithPath", "createCoreV1NamespacedPodBinding",
                "createCoreV1NamespacedPodEviction", "readCoreV1NamespacedPodLog", "watchCoreV1NamespacedPodList", "watchCoreV1PodListForAllNamespaces", "getAppsAPIGroup", "getAppsV1APIResources",
                "deleteAppsV1NamespacedDeployment", "listAppsV1DeploymentForAllNamespaces",
            ],
            new (string Path, string Method)[]
            {
                ("/api/v1/namespaces/{namespace}/pods", "delete"), (pod + "/exec", "get"), (pod + "/proxy/{path}", "options"), (pod + "/binding", "post"), (pod + "/eviction", "post"), (pod + "/log", "get"),
                ("/api/v1/watch/namespaces/{namespace}/pods", "get"), ("/api/v1/watch/pods", "get"), ("/apis/apps/", "get"), ("/apis/apps/v1/", "get"),
                ("/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "delete"), ("/apis/apps/v1/deployments", "get"),
            }.Select(o => (string)At(o.Path, o.Method)["operationId"]!));
        Assert.Equal("#/definitions/io.k8s.api.core.v1.Pod", (string?)At(pod, "delete")["responses"]!["200"]!["schema"]!["$ref"]);
        Assert.Equal("#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Status", (string?)At("/api/v1/namespaces/{namespace}/secrets/{name}", "delete")["responses"]!["200"]!["schema"]!["$ref"]);
        Assert.Equal(["command", "container", "name", "namespace", "stderr", "stdin", "stdout", "tty"], paths[pod + "/exec"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!).Order());
    }

    [Fact]
    public async Task A_list_says_what_is_listed_and_a_watch_what_comes()
    {
        var swagger = await world.GetAsync("/openapi/v2");
        var list = swagger["definitions"]!["io.k8s.api.core.v1.ServiceList"]!;
        Assert.Equal(("ServiceList holds a list of services.", "List of services"), ((string?)list["description"], (string?)list["properties"]!["items"]!["description"]));
        Assert.Contains("Watch for changes to the described resources", swagger["paths"]!["/api/v1/services"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_clients_get_the_swagger_document_as_protobuf()
    {
        using var answer = await world.SendRawAsync("GET", "/openapi/v2", accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", answer.Content.Headers.GetValues("Content-Type").Single());
        Assert.Equal([0x0a, 3, (byte)'2', (byte)'.', (byte)'0'], bytes[..5]);
    }

    private static void AssertComplete(string document, string prefix)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(document)!;
        var defined = prefix == "#/definitions/" ? json["definitions"]! : json["components"]!["schemas"]!;
        foreach (var part in document.Split($"\"$ref\":\"{prefix}").Skip(1))
        {
            var name = part[..part.IndexOf('"')];
            Assert.True(defined[name] is not null, name);
        }
    }
}

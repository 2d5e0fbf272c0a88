using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Webhooks;

/// <summary>A namespace of its own, a webhook server, and configurations that look at that namespace only and go with the scene.</summary>
internal sealed class WebhookScene(ApiWorld world, WebhookServer server, string ns) : IAsyncDisposable
{
    private const string Root = "/apis/admissionregistration.k8s.io/v1";
    private readonly List<string> made = [];

    public WebhookServer Server => server;

    public string Namespace => ns;

    public string ConfigMaps => $"/api/v1/namespaces/{ns}/configmaps";

    public static async Task<WebhookScene> OpenAsync(ApiWorld world, string certificateName = "127.0.0.1") =>
        new(world, await WebhookServer.StartAsync(certificateName), await world.NamespaceAsync());

    public JsonObject Webhook(string name, string url, string rules = """{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}""") => new()
    {
        ["name"] = name,
        ["clientConfig"] = new JsonObject { ["url"] = url, ["caBundle"] = server.Bundle },
        ["rules"] = new JsonArray(JsonNode.Parse(rules)),
        ["sideEffects"] = "None",
        ["admissionReviewVersions"] = new JsonArray("v1"),
        ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = ns } },
    };

    public Task ValidateAsync(string name, params JsonObject[] webhooks) => CreateAsync("validatingwebhookconfigurations", "ValidatingWebhookConfiguration", name, webhooks);

    public Task MutateAsync(string name, params JsonObject[] webhooks) => CreateAsync("mutatingwebhookconfigurations", "MutatingWebhookConfiguration", name, webhooks);

    public async Task<string> RefusedAsync(string method, string path, string? body, int expected, string type = "application/json")
    {
        var (code, answer) = await world.SendAsync(method, path, body, type);
        Assert.True(code == expected, $"{code} {answer.ToJsonString()}");
        return (string?)answer["message"] ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in made)
        {
            await world.SendAsync("DELETE", path);
        }

        await server.DisposeAsync();
    }

    private async Task CreateAsync(string resource, string kind, string name, JsonObject[] webhooks)
    {
        name = $"{name}-{ns}";
        var item = new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name }, ["webhooks"] = new JsonArray([.. webhooks]),
        };
        var (code, answer) = await world.SendAsync("POST", $"{Root}/{resource}", item.ToJsonString());
        Assert.True(code == 201, answer.ToJsonString());
        made.Add($"{Root}/{resource}/{name}");

        // A consistent list waits until the gateway has heard of it.
        await world.GetAsync($"{Root}/{resource}");
    }
}

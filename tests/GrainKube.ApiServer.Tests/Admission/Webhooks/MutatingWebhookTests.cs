using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Webhooks;

[Collection(ApiCollection.Name)]
public sealed class MutatingWebhookTests(ApiWorld world)
{
    private const string Named = """{"metadata":{"name":"a"},"data":{"mutation-start":"yes"}}""";
    private const string PodRules = """{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}""";

    [Fact]
    public async Task What_webhooks_add_is_stored_and_each_sees_what_the_one_before_has_done()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var first = scene.Server.On("/first", r => r["object"]!["data"]!["mutation-start"] is null ? WebhookServer.Allow() : WebhookServer.Patch("""[{"op":"add","path":"/data/mutation-stage-1","value":"yes"}]"""));
        var second = scene.Server.On("/second", r => r["object"]!["data"]!["mutation-stage-1"] is null ? WebhookServer.Allow() : WebhookServer.Patch("""[{"op":"add","path":"/data/mutation-stage-2","value":"yes"}]"""));
        await scene.MutateAsync("m", scene.Webhook("one.example.com", first), scene.Webhook("two.example.com", second));
        var made = await world.CreateAsync(scene.ConfigMaps, Named);
        Assert.Equal(["mutation-stage-1", "mutation-stage-2", "mutation-start"], made["data"]!.AsObject().Select(d => d.Key).Order());
        Assert.Equal((string?)made["metadata"]!["uid"], (string?)(await world.GetAsync($"{scene.ConfigMaps}/a"))["metadata"]!["uid"]);
        var (code, patched) = await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a", """{"data":{"mutation-stage-1":null,"x":"y"}}""", "application/merge-patch+json");
        Assert.Equal((200, "yes", "y"), (code, (string?)patched["data"]!["mutation-stage-1"], (string?)patched["data"]!["x"]));
    }

    [Theory]
    [InlineData("""{"metadata":{"generateName":"a-"}}""", "")]
    [InlineData("""{"metadata":{"name":"a"}}""", "a")]
    public async Task A_webhook_may_name_what_is_created(string body, string asked)
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var name = scene.Server.On("/name", _ => WebhookServer.Patch("""[{"op":"add","path":"/metadata/name","value":"given"}]"""));
        var validate = scene.Server.On("/v", r => (string?)r["object"]!["metadata"]!["name"] == "given" && (string?)r["name"] == (asked.Length == 0 ? "given" : asked) ? WebhookServer.Allow() : WebhookServer.Deny("no"));
        await scene.MutateAsync("m", scene.Webhook("one.example.com", name));
        await scene.ValidateAsync("v", scene.Webhook("two.example.com", validate));
        var made = await world.CreateAsync(scene.ConfigMaps, body);
        Assert.Equal(("given", asked), ((string?)made["metadata"]!["name"], (string?)scene.Server.Requests[0]["name"] ?? ""));
        Assert.Equal((string?)made["metadata"]!["uid"], (string?)(await world.GetAsync($"{scene.ConfigMaps}/given"))["metadata"]!["uid"]);
        await scene.RefusedAsync("POST", scene.ConfigMaps, body, 409);
    }

    [Fact]
    public async Task Defaults_are_given_to_what_a_webhook_adds()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/pods", _ => WebhookServer.Patch("""[{"op":"add","path":"/spec/initContainers","value":[{"image":"webhook-added-image","name":"webhook-added-init-container","resources":{}}]}]"""));
        await scene.MutateAsync("m", scene.Webhook("pods.example.com", url, PodRules));
        var made = await world.CreateAsync($"/api/v1/namespaces/{scene.Namespace}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var added = made["spec"]!["initContainers"]![0]!;
        Assert.Equal(("webhook-added-init-container", "File", "Always"), ((string?)added["name"], (string?)added["terminationMessagePolicy"], (string?)added["imagePullPolicy"]));
    }

    [Fact]
    public async Task What_a_webhook_spoils_is_refused_by_validation()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/spoil", _ => WebhookServer.Patch("""[{"op":"add","path":"/data/not a key","value":"x"}]"""));
        await scene.MutateAsync("m", scene.Webhook("spoil.example.com", url));
        Assert.Contains("is invalid: data[not a key]", await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 422), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"op":"remove","path":"/data/absent"}]""")]
    [InlineData("""{"op":"remove"}""")]
    [InlineData("oops")]
    [InlineData("""[{"op":"add","path":"/data","value":7}]""")]
    public async Task A_patch_that_does_not_fit_is_the_webhooks_fault(string patch)
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/bad", _ => WebhookServer.Patch(patch));
        await scene.MutateAsync("m", scene.Webhook("bad.example.com", url));
        await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 500);
    }

    [Fact]
    public async Task A_webhook_that_wants_it_sees_what_a_later_one_has_changed()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var first = scene.Server.On("/first", r => r["object"]!["data"]!["later"] is null ? WebhookServer.Allow() : WebhookServer.Patch("""[{"op":"add","path":"/data/seen","value":"yes"}]"""));
        var second = scene.Server.On("/second", _ => WebhookServer.Patch("""[{"op":"add","path":"/data/later","value":"yes"}]"""));
        var eager = scene.Webhook("one.example.com", first);
        eager["reinvocationPolicy"] = "IfNeeded";
        await scene.MutateAsync("m", eager, scene.Webhook("two.example.com", second));
        var made = await world.CreateAsync(scene.ConfigMaps, Named);
        Assert.Equal("yes", (string?)made["data"]!["seen"]);
        Assert.Equal(3, scene.Server.Requests.Count);
    }

    [Fact]
    public async Task Validating_webhooks_see_what_mutating_ones_made()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var mutate = scene.Server.On("/m", _ => WebhookServer.Patch("""[{"op":"add","path":"/data/x","value":"bad"}]"""));
        var validate = scene.Server.On("/v", r => (string?)r["object"]!["data"]!["x"] == "bad" ? WebhookServer.Deny("x is bad") : WebhookServer.Allow());
        await scene.MutateAsync("m", scene.Webhook("m.example.com", mutate));
        await scene.ValidateAsync("v", scene.Webhook("v.example.com", validate));
        Assert.EndsWith("x is bad", await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_overtakes_the_webhooks_is_not_lost()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        await world.CreateAsync(scene.ConfigMaps, Named);
        var overtaken = false;
        var url = scene.Server.OnRaw("/slow", async (http, request) =>
        {
            if (!overtaken)
            {
                overtaken = true;
                await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a", """{"metadata":{"labels":{"skip":"yes"}},"data":{"other":"1"}}""", "application/merge-patch+json");
            }

            var response = WebhookServer.Patch("""[{"op":"add","path":"/data/hook","value":"1"}]""");
            response["uid"] = (string?)request["uid"];
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                http.Response, new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());
        });
        await scene.MutateAsync("m", scene.Webhook("slow.example.com", url));
        var (code, answer) = await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a", """{"data":{"mine":"1"}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal(["hook", "mine", "mutation-start", "other"], answer["data"]!.AsObject().Select(d => d.Key).Order());
    }

    [Fact]
    public async Task An_apply_that_creates_is_a_create()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/m", _ => WebhookServer.Patch("""[{"op":"add","path":"/data/x","value":"1"}]"""));
        await scene.MutateAsync("m", scene.Webhook("m.example.com", url, """{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["configmaps"]}"""));
        const string applied = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1"}}""";
        var (code, made) = await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a?fieldManager=me", applied, "application/apply-patch+yaml");
        Assert.Equal((201, "1"), (code, (string?)made["data"]!["x"]));
        await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a?fieldManager=me", applied, "application/apply-patch+yaml");
        Assert.Single(scene.Server.Requests);
    }

    [Fact]
    public async Task Whoever_writes_owns_what_he_sent_and_not_what_webhooks_added()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/add", r => WebhookServer.Patch($$"""[{"op":"add","path":"/data/added","value":"{{r["operation"]}} {{r["object"]!["data"]!.AsObject().Count}}"}]"""));
        await scene.MutateAsync("m", scene.Webhook("m.example.com", url));
        await world.CreateAsync($"{scene.ConfigMaps}?fieldManager=poster", """{"metadata":{"name":"a"},"data":{"post":"1"}}""");
        await SendAsync("PUT", "putter", """{"metadata":{"name":"a"},"data":{"post":"1","added":"CREATE 1","put":"1"}}""", "application/json");
        await SendAsync("PATCH", "patcher", """{"data":{"patch":"1"}}""", "application/merge-patch+json");
        var applied = await SendAsync("PATCH", "applier", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"apply":"1"}}""", "application/apply-patch+yaml");

        Assert.Equal("UPDATE 5", (string?)applied["data"]!["added"]);
        Assert.Equal(
            ["applier f:apply", "patcher f:patch", "poster .,f:post", "putter f:put"],
            applied["metadata"]!["managedFields"]!.AsArray().Select(m => $"{m!["manager"]} {string.Join(',', m["fieldsV1"]!["f:data"]!.AsObject().Select(f => f.Key))}").Order());
        Assert.Equal("poster", (string?)scene.Server.Requests[0]["object"]!["metadata"]!["managedFields"]![0]!["manager"]);

        async Task<JsonObject> SendAsync(string method, string manager, string body, string type)
        {
            var (code, answer) = await world.SendAsync(method, $"{scene.ConfigMaps}/a?fieldManager={manager}", body, type);
            Assert.True(code == 200, answer.ToJsonString());
            return answer;
        }
    }

    [Fact]
    public async Task A_list_of_managers_that_a_webhook_spoils_stays_as_it_was()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/spoil", _ => WebhookServer.Patch("""[{"op":"replace","path":"/metadata/managedFields/0/operation","value":"Sweep"}]"""));
        await scene.MutateAsync("m", scene.Webhook("m.example.com", url));
        using var answer = await world.SendRawAsync("POST", $"{scene.ConfigMaps}?fieldManager=me", System.Text.Encoding.UTF8.GetBytes(Named));
        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Contains(
            ".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: operation must be `Apply` or `Update`",
            Assert.Single(answer.Headers.GetValues("Warning")),
            StringComparison.Ordinal);
        Assert.Equal("Update", (string?)(await world.GetAsync($"{scene.ConfigMaps}/a"))["metadata"]!["managedFields"]![0]!["operation"]);
    }
}

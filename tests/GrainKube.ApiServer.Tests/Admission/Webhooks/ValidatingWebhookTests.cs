using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Webhooks;

[Collection(ApiCollection.Name)]
public sealed class ValidatingWebhookTests(ApiWorld world)
{
    private const string Named = """{"metadata":{"name":"a"},"data":{"k":"1"}}""";

    [Fact]
    public async Task A_webhook_refuses_in_its_own_words_and_nothing_is_stored()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/deny", _ => WebhookServer.Deny("the configmap contains unwanted key and value"));
        await scene.ValidateAsync("deny", scene.Webhook("deny.example.com", url));
        var message = await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 400);
        Assert.Equal("admission webhook \"deny.example.com\" denied the request: the configmap contains unwanted key and value", message);
        Assert.Equal(404, (await world.SendAsync("GET", $"{scene.ConfigMaps}/a")).Code);
    }

    [Fact]
    public async Task Code_and_reason_of_the_webhook_are_passed_on()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/deny", _ => new JsonObject { ["allowed"] = false, ["status"] = new JsonObject { ["code"] = 403, ["reason"] = "Forbidden" } });
        await scene.ValidateAsync("deny", scene.Webhook("deny.example.com", url));
        Assert.Equal("admission webhook \"deny.example.com\" denied the request: Forbidden", await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 403));
    }

    [Fact]
    public async Task The_review_says_all_of_the_request()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/allow", _ => WebhookServer.Allow());
        await scene.ValidateAsync("allow", scene.Webhook("allow.example.com", url));
        await world.CreateAsync($"{scene.ConfigMaps}?fieldManager=me", Named);
        Assert.Equal(200, (await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a", """{"data":{"k":"2"}}""", "application/merge-patch+json")).Code);
        Assert.Equal(200, (await world.SendAsync("DELETE", $"{scene.ConfigMaps}/a")).Code);
        var (create, update, delete) = (scene.Server.Requests[0], scene.Server.Requests[1], scene.Server.Requests[2]);
        Assert.Equal(("CREATE", "UPDATE", "DELETE"), ((string?)create["operation"], (string?)update["operation"], (string?)delete["operation"]));
        Assert.Equal("""{"group":"","version":"v1","kind":"ConfigMap"}""", create["kind"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","resource":"configmaps"}""", create["requestResource"]!.ToJsonString());
        Assert.Equal(("a", scene.Namespace, "admin"), ((string?)create["name"], (string?)create["namespace"], (string?)create["userInfo"]!["username"]));
        Assert.Equal(("CreateOptions", "me"), ((string?)create["options"]!["kind"], (string?)create["options"]!["fieldManager"]));
        Assert.Equal(("1", null, false), ((string?)create["object"]!["data"]!["k"], create["oldObject"], (bool?)create["dryRun"]));
        Assert.Equal(("2", "1"), ((string?)update["object"]!["data"]!["k"], (string?)update["oldObject"]!["data"]!["k"]));
        Assert.NotNull((string?)update["oldObject"]!["metadata"]!["resourceVersion"]);
        Assert.Equal((null, "2"), (delete["object"], (string?)delete["oldObject"]!["data"]!["k"]));
    }

    [Fact]
    public async Task The_options_are_those_of_the_operation_as_far_as_the_client_named_them()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        await scene.ValidateAsync("allow", scene.Webhook("allow.example.com", scene.Server.On("/allow", _ => WebhookServer.Allow())));
        await world.CreateAsync(scene.ConfigMaps, Named);
        await world.SendAsync("PATCH", $"{scene.ConfigMaps}/a?fieldManager=me&fieldValidation=Strict&dryRun=All", """{"data":{"k":"2"}}""", "application/merge-patch+json");
        await world.SendAsync("PATCH", $"{scene.ConfigMaps}/b?fieldManager=me&force=true", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""", "application/apply-patch+yaml");
        await world.SendAsync("DELETE", $"{scene.ConfigMaps}/a", """{"gracePeriodSeconds":5,"propagationPolicy":"Foreground","dryRun":["All"]}""");
        var uid = (string?)(await world.GetAsync($"{scene.ConfigMaps}/a"))["metadata"]!["uid"];
        await world.SendAsync("DELETE", $"{scene.ConfigMaps}/a", $$"""{"orphanDependents":true,"preconditions":{"uid":"{{uid}}"} }""");
        await world.SendAsync("DELETE", scene.ConfigMaps);
        Assert.Equal(
            [
                """CREATE a {"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}""",
                """UPDATE a {"kind":"UpdateOptions","apiVersion":"meta.k8s.io/v1","dryRun":["All"],"fieldManager":"me","fieldValidation":"Strict"}""",
                """CREATE b {"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"me"}""",
                """DELETE a {"kind":"DeleteOptions","apiVersion":"meta.k8s.io/v1","dryRun":["All"],"gracePeriodSeconds":5,"propagationPolicy":"Foreground"}""",
                $$"""DELETE a {"kind":"DeleteOptions","apiVersion":"meta.k8s.io/v1","preconditions":{"uid":"{{uid}}"},"orphanDependents":true}""",
                """DELETE  {"kind":"DeleteOptions","apiVersion":"meta.k8s.io/v1"}""",
                """DELETE  {"kind":"DeleteOptions","apiVersion":"meta.k8s.io/v1"}""",
            ],
            scene.Server.Requests.Select(r => $"{r["operation"]} {r["name"]} {r["options"]!.ToJsonString()}"));
    }

    [Fact]
    public async Task Match_conditions_say_what_a_webhook_is_asked_about()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var webhook = scene.Webhook("deny.example.com", scene.Server.On("/deny", _ => WebhookServer.Deny("no")));
        webhook["matchConditions"] = JsonNode.Parse("""[{"name":"ours","expression":"has(object.metadata.labels) && object.metadata.labels.?ask.orValue('') == 'yes' && request.userInfo.username == 'admin'"}]""");
        await scene.ValidateAsync("deny", webhook);

        await world.CreateAsync(scene.ConfigMaps, Named);
        await scene.RefusedAsync("POST", scene.ConfigMaps, """{"metadata":{"name":"b","labels":{"ask":"yes"}}}""", 400);
    }

    [Fact]
    public async Task Deletes_one_by_one_and_of_a_collection_can_be_refused()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        await world.CreateAsync(scene.ConfigMaps, Named);
        var url = scene.Server.On("/deny", _ => WebhookServer.Deny("stay"));
        await scene.ValidateAsync("deny", scene.Webhook("deny.example.com", url, """{"operations":["DELETE"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*"]}"""));
        await scene.RefusedAsync("DELETE", $"{scene.ConfigMaps}/a", null, 400);
        await scene.RefusedAsync("DELETE", scene.ConfigMaps, null, 400);
        Assert.NotNull(await world.GetAsync($"{scene.ConfigMaps}/a"));
    }

    [Theory]
    [InlineData("/absent", "the server could not find the requested resource")]
    [InlineData("/error", "an error on the server (\"oh no\") has prevented the request from succeeding")]
    [InlineData("/garbage", "couldn't get version/kind; json parse error")]
    [InlineData("/other-uid", "received invalid webhook response: expected response.uid=")]
    [InlineData("/no-response", "webhook response was absent")]
    public async Task What_is_no_answer_is_an_error_or_passed_over_as_the_policy_says(string path, string words)
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        scene.Server.OnRaw("/absent", (http, _) => Say(http, 404, "no"));
        scene.Server.OnRaw("/error", (http, _) => Say(http, 500, "oh no"));
        scene.Server.OnRaw("/garbage", (http, _) => Say(http, 200, "{oops"));
        scene.Server.OnRaw("/other-uid", (http, _) => Say(http, 200, """{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"x","allowed":true}}"""));
        scene.Server.OnRaw("/no-response", (http, _) => Say(http, 200, """{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}"""));
        var closed = scene.Webhook("closed.example.com", scene.Server.Address + path);
        closed["objectSelector"] = JsonNode.Parse("""{"matchLabels":{"closed":"yes"}}""");
        var open = scene.Webhook("open.example.com", scene.Server.Address + path);
        open["failurePolicy"] = "Ignore";
        await scene.ValidateAsync("broken", closed, open);
        await world.CreateAsync(scene.ConfigMaps, Named);
        var message = await scene.RefusedAsync("POST", scene.ConfigMaps, """{"metadata":{"name":"b","labels":{"closed":"yes"}}}""", 500);
        Assert.StartsWith("Internal error occurred: failed calling webhook \"closed.example.com\": ", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_webhook_has_its_seconds_and_no_more()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.OnRaw("/slow", (http, _) =>
        {
            var gone = new TaskCompletionSource();
            http.RequestAborted.Register(gone.SetResult);
            return gone.Task;
        });
        var slow = scene.Webhook("slow.example.com", url);
        slow["timeoutSeconds"] = 1;
        await scene.ValidateAsync("slow", slow);
        var message = await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 500);
        Assert.Equal($"Internal error occurred: failed calling webhook \"slow.example.com\": failed to call webhook: Post \"{url}?timeout=1s\": context deadline exceeded", message);
    }

    [Fact]
    public async Task A_dead_webhook_and_a_wrong_certificate_close()
    {
        await using var scene = await WebhookScene.OpenAsync(world, "elsewhere.example.com");
        var url = scene.Server.On("/allow", _ => WebhookServer.Allow());
        await scene.ValidateAsync("other", scene.Webhook("other.example.com", url));
        Assert.Contains("tls: failed to verify certificate", await scene.RefusedAsync("POST", scene.ConfigMaps, Named, 500), StringComparison.Ordinal);
        Assert.Empty(scene.Server.Requests);

        await using var second = await WebhookScene.OpenAsync(world);
        await second.ValidateAsync("dead", second.Webhook("dead.example.com", "https://127.0.0.1:1/x"));
        Assert.Contains("connect: connection refused", await second.RefusedAsync("POST", second.ConfigMaps, Named, 500), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_reach_the_user()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/warn", _ => new JsonObject { ["allowed"] = true, ["warnings"] = new JsonArray("mind the gap") });
        await scene.ValidateAsync("warn", scene.Webhook("warn.example.com", url));
        using var answer = await world.SendRawAsync("POST", scene.ConfigMaps, System.Text.Encoding.UTF8.GetBytes(Named));
        Assert.Equal("299 - \"mind the gap\"", Assert.Single(answer.Headers.GetValues("Warning")));
    }

    [Fact]
    public async Task A_dry_run_asks_only_those_that_leave_no_traces()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/allow", _ => WebhookServer.Allow());
        await scene.ValidateAsync("allow", scene.Webhook("allow.example.com", url));
        await world.CreateAsync($"{scene.ConfigMaps}?dryRun=All", Named);
        Assert.True((bool?)Assert.Single(scene.Server.Requests)["dryRun"]);
        var writer = scene.Webhook("writer.example.com", url);
        writer["sideEffects"] = "Some";
        await Assert.ThrowsAnyAsync<Exception>(() => scene.ValidateAsync("writes", writer));
    }

    [Fact]
    public async Task The_configurations_themselves_are_exempt()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/deny", _ => WebhookServer.Deny("no"));
        var all = scene.Webhook("all.example.com", url, """{"operations":["*"],"apiGroups":["admissionregistration.k8s.io"],"apiVersions":["*"],"resources":["*"]}""");
        all.Remove("namespaceSelector");
        await scene.ValidateAsync("all", all);
        await scene.MutateAsync("other", scene.Webhook("other.example.com", url));
        Assert.Empty(scene.Server.Requests);
    }

    [Fact]
    public async Task A_rule_for_a_subresource_sees_its_kind()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/allow", _ => WebhookServer.Allow());
        await scene.ValidateAsync("scale", scene.Webhook("scale.example.com", url, """{"operations":["UPDATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["deployments/scale"]}"""));
        var path = $"/apis/apps/v1/namespaces/{scene.Namespace}/deployments";
        await world.CreateAsync(path, """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        var (code, _) = await world.SendAsync("PATCH", $"{path}/d/scale", """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        var request = Assert.Single(scene.Server.Requests);
        Assert.Equal(("Scale", "scale", 3), ((string?)request["kind"]!["kind"], (string?)request["subResource"], (int)request["object"]!["spec"]!["replicas"]!));
        Assert.Equal(1, (int)request["oldObject"]!["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Attaching_to_a_pod_can_be_refused()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        var url = scene.Server.On("/deny", _ => WebhookServer.Deny("attaching to pod 'to-be-attached-pod' is not allowed"));
        await scene.ValidateAsync("attach", scene.Webhook("attach.example.com", url, """{"operations":["CONNECT"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods/attach"]}"""));
        var message = await scene.RefusedAsync("POST", $"/api/v1/namespaces/{scene.Namespace}/pods/p/attach?stdin=true&container=c", "{}", 400);
        Assert.Contains("attaching to pod", message, StringComparison.Ordinal);
        var request = Assert.Single(scene.Server.Requests);
        Assert.Equal(("CONNECT", "PodAttachOptions", "p"), ((string?)request["operation"], (string?)request["kind"]!["kind"], (string?)request["name"]));
        Assert.True((bool?)request["object"]!["stdin"]);
    }

    private static Task Say(Microsoft.AspNetCore.Http.HttpContext http, int code, string text)
    {
        http.Response.StatusCode = code;
        return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, text);
    }
}

using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Endpoints;

[Collection(ApiCollection.Name)]
public sealed class ServerSideApplyTests(ApiWorld world)
{
    private const string Note = "kubectl.kubernetes.io/last-applied-configuration";

    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, labels: { tier: front } }
        spec:
          replicas: 2
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec:
              containers:
              - { name: web, image: "web:1", ports: [{ containerPort: 80 }], env: [{ name: A, value: "1" }, { name: B, value: "2" }] }
        """;

    [Fact]
    public async Task Apply_creates_and_claims_only_what_was_sent()
    {
        var path = await DeploymentsAsync();

        var (code, made) = await ApplyAsync(path, Deployment, "one");

        Assert.Equal(201, code);
        Assert.Equal("RollingUpdate", (string?)made["spec"]!["strategy"]!["type"]);
        var entry = Entry(made, "one");
        Assert.Equal(("Apply", "apps/v1", "FieldsV1"), ((string?)entry["operation"], (string?)entry["apiVersion"], (string?)entry["fieldsType"]));
        Assert.Equal(
            """{"f:metadata":{"f:labels":{"f:tier":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:env":{"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}},"k:{\"name\":\"B\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}""",
            Relaxed(entry["fieldsV1"]!));
        (code, var again) = await ApplyAsync(path, Deployment, "one");
        Assert.Equal((200, (string?)made["metadata"]!["resourceVersion"]), (code, (string?)again["metadata"]!["resourceVersion"]));
    }

    [Fact]
    public async Task What_its_manager_no_longer_applies_goes_and_what_others_own_stays()
    {
        var path = await DeploymentsAsync();
        await ApplyAsync(path, Deployment, "one");
        await ApplyAsync(path, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[{"name":"web","env":[{"name":"B","value":"2"}]},{"name":"side","image":"side:1"}]}}}}""", "two");

        var (code, after) = await ApplyAsync(
            path, Deployment.Replace(", env: [{ name: A, value: \"1\" }, { name: B, value: \"2\" }]", "", StringComparison.Ordinal).Replace(", labels: { tier: front }", "", StringComparison.Ordinal), "one");

        Assert.Equal(200, code);
        var containers = after["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["web", "side"], containers.Select(c => (string?)c!["name"]));
        Assert.Equal("B", (string?)Assert.Single(containers[0]!["env"]!.AsArray())!["name"]);
        Assert.Null(after["metadata"]!["labels"]);
        (_, after) = await ApplyAsync(path, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}""", "two");
        Assert.Null(Assert.Single(after["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!["env"]);
    }

    [Fact]
    public async Task A_field_of_another_is_a_conflict_until_it_is_taken_by_force()
    {
        var path = await DeploymentsAsync();
        await ApplyAsync(path, Deployment, "one");
        var other = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":5}}""";

        var (code, refused) = await ApplyAsync(path, other, "two");
        Assert.Equal((409, "Conflict", "Apply failed with 1 conflict: conflict with \"one\": .spec.replicas"), (code, (string?)refused["reason"], (string?)refused["message"]));
        var cause = Assert.Single(refused["details"]!["causes"]!.AsArray())!;
        Assert.Equal(("FieldManagerConflict", "conflict with \"one\"", ".spec.replicas"), ((string?)cause["reason"], (string?)cause["message"], (string?)cause["field"]));

        (code, var taken) = await ApplyAsync(path, other, "two", "&force=true");
        Assert.Equal((200, 5), (code, (int)taken["spec"]!["replicas"]!));
        Assert.Null(Entry(taken, "one")["fieldsV1"]!["f:spec"]!["f:replicas"]);
        (code, _) = await ApplyAsync(path, Deployment.Replace("  replicas: 2\n", "", StringComparison.Ordinal), "one");
        Assert.Equal(200, code);
        Assert.Equal(5, (int)(await world.GetAsync($"{path}/web"))["spec"]!["replicas"]!);
    }

    [Fact]
    public async Task Updates_and_patches_own_what_they_change()
    {
        var path = await DeploymentsAsync();
        await ApplyAsync(path, Deployment, "one");
        var (code, patched) = await world.SendAsync("PATCH", $"{path}/web?fieldManager=editor", """{"spec":{"replicas":3}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Equal(("Update", "{\"f:spec\":{\"f:replicas\":{}}}"), ((string?)Entry(patched, "editor")["operation"], Relaxed(Entry(patched, "editor")["fieldsV1"]!)));

        (code, var refused) = await ApplyAsync(path, Deployment, "one");
        Assert.Equal((409, "Apply failed with 1 conflict: conflict with \"editor\" using apps/v1: .spec.replicas"), (code, (string?)refused["message"]));

        (code, var scaled) = await world.SendAsync("PATCH", $"{path}/web/scale?fieldManager=scaler", """{"spec":{"replicas":4}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        var item = await world.GetAsync($"{path}/web");
        Assert.Equal("scale", (string?)Entry(item, "scaler")["subresource"]);
        Assert.DoesNotContain(item["metadata"]!["managedFields"]!.AsArray(), e => (string?)e!["manager"] == "editor");
    }

    [Fact]
    public async Task Status_is_applied_through_its_own_door()
    {
        var path = await DeploymentsAsync();
        await ApplyAsync(path, Deployment + "\nstatus: { replicas: 9 }", "one");
        var (code, item) = await ApplyAsync(
            path, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":7},"status":{"conditions":[{"type":"Ours","status":"True"}]}}""", "two", "", "/status");

        Assert.Equal(200, code);
        Assert.Equal(2, (int)item["spec"]!["replicas"]!);
        Assert.Equal("Ours", (string?)Assert.Single(item["status"]!["conditions"]!.AsArray())!["type"]);
        Assert.Equal("status", (string?)Entry(item, "two")["subresource"]);
        Assert.Null(Entry(item, "two")["fieldsV1"]!["f:spec"]);
        Assert.Null(Entry(item, "one")["fieldsV1"]!["f:status"]);
    }

    [Fact]
    public async Task Objects_that_nobody_is_recorded_for_belong_to_whoever_made_them()
    {
        var path = await DeploymentsAsync();
        await ApplyAsync(path, Deployment, "one");
        var (code, item) = await world.SendAsync("PATCH", $"{path}/web", """{"metadata":{"managedFields":[{}]}}""", "application/merge-patch+json");
        Assert.Equal(200, code);
        Assert.Null(item["metadata"]!["managedFields"]);

        (code, var refused) = await ApplyAsync(path, Deployment.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal), "two");

        Assert.Equal((409, "Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas"), (code, (string?)refused["message"]));
    }

    [Fact]
    public async Task Kubectl_takes_over_what_it_applied_in_its_older_way_and_keeps_its_note_of_it_in_step()
    {
        var path = await DeploymentsAsync();
        await MakeAsNotedAsync(path);

        var (code, item) = await ApplyAsync(path, Deployment.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal).Replace("\"1\"", "\"$((i+1))\"", StringComparison.Ordinal), "kubectl");

        Assert.Equal((200, 3), (code, (int?)item["spec"]?["replicas"]));
        var note = (string)item["metadata"]!["annotations"]![Note]!;
        Assert.Contains("\"replicas\":3,", note, StringComparison.Ordinal);
        Assert.Contains("\"$((i+1))\"", note, StringComparison.Ordinal);
        Assert.NotNull(Entry(item, "kubectl-client-side-apply")["fieldsV1"]!["f:metadata"]!["f:annotations"]!["f:" + Note]);
        Assert.Null(Entry(item, "kubectl")["fieldsV1"]!["f:metadata"]!["f:annotations"]);
    }

    [Fact]
    public async Task What_somebody_changed_since_kubectl_applied_it_is_a_conflict_for_kubectl_too()
    {
        var path = await DeploymentsAsync();
        await MakeAsNotedAsync(path);
        await world.SendAsync("PATCH", $"{path}/web?fieldManager=editor", """{"spec":{"replicas":5}}""", "application/merge-patch+json");

        var (code, refused) = await ApplyAsync(path, Deployment.Replace("web:1", "web:2", StringComparison.Ordinal), "kubectl");

        Assert.Equal((409, "Apply failed with 1 conflict: conflict with \"editor\" using apps/v1: .spec.replicas"), (code, (string?)refused["message"]));
    }

    [Theory]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicsa":1}}""", 400, ".spec.replicsa: field not declared in schema")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","managedFields":[{"manager":"x"}]},"spec":{}}""", 400, "metadata.managedFields must be nil")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}}}""", 400, "duplicate entries for key [name=\"a\"]")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","uid":"other"},"spec":{}}""", 409, "uid mismatch: the provided object specified uid other, and no existing object was found")]
    public async Task A_bad_apply_is_told_why(string body, int expected, string message)
    {
        var (code, refused) = await ApplyAsync(await DeploymentsAsync(), body, "one");

        Assert.Equal(expected, code);
        Assert.Contains(message, (string?)refused["message"], StringComparison.Ordinal);
    }

    /// <summary>Makes the deployment as <c>kubectl apply</c> does without <c>--server-side</c>.</summary>
    private async Task MakeAsNotedAsync(string path)
    {
        var item = JsonNode.Parse(GrainKube.ApiMachinery.Yaml.YamlJson.Convert(Encoding.UTF8.GetBytes(Deployment)))!.AsObject();
        item["metadata"]!["annotations"] = new JsonObject { [Note] = item.ToJsonString() };
        var (code, _) = await world.SendAsync("POST", $"{path}?fieldManager=kubectl-client-side-apply", item.ToJsonString());
        Assert.Equal(201, code);
    }

    private async Task<string> DeploymentsAsync() => $"/apis/apps/v1/namespaces/{await world.NamespaceAsync()}/deployments";

    private async Task<(int Code, JsonNode Answer)> ApplyAsync(string path, string body, string manager, string more = "", string subresource = "")
    {
        using var answer = await world.SendRawAsync("PATCH", $"{path}/web{subresource}?fieldManager={manager}{more}", Encoding.UTF8.GetBytes(body), "application/apply-patch+yaml");
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private static JsonNode Entry(JsonNode item, string manager) => Assert.Single(item["metadata"]!["managedFields"]!.AsArray(), e => (string?)e!["manager"] == manager)!;

    private static string Relaxed(JsonNode node) =>
        node.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Tests.Admission.Webhooks;
using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Evictions;

[Collection(ApiCollection.Name)]
public sealed class EvictionTests(ApiWorld world)
{
    [Fact]
    public async Task Evictions_at_the_same_time_never_take_more_than_the_budget()
    {
        var ns = await world.NamespaceAsync();
        await Task.WhenAll(Enumerable.Range(0, 24).Select(n => RunningPodAsync(ns, Name(n))));
        await BudgetAsync(ns, "web", allowed: 7, healthy: 24, desired: 17);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => EvictAsync(ns, Name(n))));

        Assert.Equal(7, answers.Count(a => a.Code == 201));
        Assert.Equal(17, answers.Count(a => a.Code == 429));
        var budget = await world.GetAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets/web");
        Assert.Equal(0, (int)budget["status"]!["disruptionsAllowed"]!);
        Assert.Equal(7, budget["status"]!["disruptedPods"]!.AsObject().Count);
        var condition = budget["status"]!["conditions"]![0]!;
        Assert.Equal(("DisruptionAllowed", "False", "InsufficientPods"), ((string)condition["type"]!, (string)condition["status"]!, (string)condition["reason"]!));
    }

    [Fact]
    public async Task A_used_up_budget_refuses_in_upstreams_words()
    {
        var ns = await world.NamespaceAsync();
        await RunningPodAsync(ns, "web-0");
        await BudgetAsync(ns, "web", allowed: 0, healthy: 1, desired: 1);

        var (code, answer) = await EvictAsync(ns, "web-0");

        Assert.Equal(429, code);
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", (string?)answer["message"]);
        Assert.Equal("TooManyRequests", (string?)answer["reason"]);
        var cause = answer["details"]!["causes"]![0]!;
        Assert.Equal(("DisruptionBudget", "The disruption budget web needs 1 healthy pods and has 1 currently"), ((string)cause["reason"]!, (string)cause["message"]!));
        Assert.Null((await world.GetAsync($"/api/v1/namespaces/{ns}/pods/web-0"))["metadata"]!["deletionTimestamp"]);
    }

    [Fact]
    public async Task A_budget_that_was_not_counted_yet_asks_to_come_back()
    {
        var ns = await world.NamespaceAsync();
        await RunningPodAsync(ns, "web-0");
        await world.CreateAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets", Budget("web"));

        using var answer = await world.SendRawAsync("POST", $"/api/v1/namespaces/{ns}/pods/web-0/eviction", Encoding.UTF8.GetBytes(Eviction("web-0")));

        Assert.Equal(429, (int)answer.StatusCode);
        Assert.Equal("10", answer.Headers.GetValues("Retry-After").Single());
        Assert.Contains("The disruption budget web is still being processed by the server.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_budgets_for_one_pod_are_an_error_of_the_server()
    {
        var ns = await world.NamespaceAsync();
        await RunningPodAsync(ns, "web-0");
        await BudgetAsync(ns, "one", allowed: 1, healthy: 1, desired: 0);
        await BudgetAsync(ns, "two", allowed: 1, healthy: 1, desired: 0);

        var (code, answer) = await EvictAsync(ns, "web-0");

        Assert.Equal(500, code);
        Assert.Equal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.", (string?)answer["message"]);
    }

    [Fact]
    public async Task A_pod_that_does_not_run_needs_no_budget()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateAsync($"/api/v1/namespaces/{ns}/pods", Pod("web-0"));
        await BudgetAsync(ns, "web", allowed: 0, healthy: 1, desired: 1);

        Assert.Equal(201, (await EvictAsync(ns, "web-0")).Code);
        Assert.Equal(404, (await world.SendAsync("GET", $"/api/v1/namespaces/{ns}/pods/web-0")).Code);
    }

    [Theory]
    [InlineData("AlwaysAllow", 0, 201)]
    [InlineData("IfHealthyBudget", 0, 429)]
    [InlineData("IfHealthyBudget", 1, 201)]
    public async Task An_unready_pod_goes_as_the_policy_says_and_costs_nothing(string policy, int healthy, int expected)
    {
        var ns = await world.NamespaceAsync();
        await RunningPodAsync(ns, "web-0", ready: false);
        await BudgetAsync(ns, "web", allowed: 0, healthy: healthy, desired: 1, policy);

        Assert.Equal(expected, (await EvictAsync(ns, "web-0")).Code);
        Assert.Null((await world.GetAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets/web"))["status"]!["disruptedPods"]);
    }

    [Fact]
    public async Task A_dry_run_and_a_wrong_precondition_change_nothing()
    {
        var ns = await world.NamespaceAsync();
        await RunningPodAsync(ns, "web-0");
        await BudgetAsync(ns, "web", allowed: 1, healthy: 1, desired: 0);

        Assert.Equal(201, (await EvictAsync(ns, "web-0", ""","deleteOptions":{"dryRun":["All"]}""")).Code);
        Assert.Equal(409, (await EvictAsync(ns, "web-0", ""","deleteOptions":{"preconditions":{"uid":"other"} }""")).Code);
        Assert.Equal(409, (await EvictAsync(ns, "web-0", ""","deleteOptions":{"preconditions":{"resourceVersion":"1"} }""")).Code);

        var pod = await world.GetAsync($"/api/v1/namespaces/{ns}/pods/web-0");
        Assert.Null(pod["metadata"]!["deletionTimestamp"]);
        Assert.DoesNotContain("DisruptionTarget", pod.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, (int)(await world.GetAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets/web"))["status"]!["disruptionsAllowed"]!);
    }

    [Fact]
    public async Task An_evicted_pod_says_why_and_ends_gracefully()
    {
        var ns = await world.NamespaceAsync();
        await RunningPodAsync(ns, "web-0");

        var (code, answer) = await EvictAsync(ns, "web-0", ""","deleteOptions":{"gracePeriodSeconds":7}""");

        Assert.Equal((201, "Success"), (code, (string?)answer["status"]));
        var pod = await world.GetAsync($"/api/v1/namespaces/{ns}/pods/web-0");
        Assert.Equal(7, (int)pod["metadata"]!["deletionGracePeriodSeconds"]!);
        var condition = pod["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "DisruptionTarget")!;
        Assert.Equal(("True", "EvictionByEvictionAPI", "Eviction API: evicting"), ((string)condition["status"]!, (string)condition["reason"]!, (string)condition["message"]!));
    }

    [Fact]
    public async Task An_eviction_of_another_name_or_of_nothing_is_refused()
    {
        var ns = await world.NamespaceAsync();

        Assert.Equal(400, (await world.SendAsync("POST", $"/api/v1/namespaces/{ns}/pods/web-0/eviction", Eviction("web-1"))).Code);
        Assert.Equal(404, (await EvictAsync(ns, "web-0")).Code);
    }

    [Fact]
    public async Task Admission_is_asked_about_the_eviction_and_not_about_what_it_does()
    {
        await using var scene = await WebhookScene.OpenAsync(world);
        await RunningPodAsync(scene.Namespace, "web-0");
        var url = scene.Server.On("/deny", r => (string?)r["subResource"] == "eviction" ? WebhookServer.Allow() : WebhookServer.Deny("hands off"));
        await scene.ValidateAsync("pods", scene.Webhook("pods.example.com", url, """{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["pods","pods/*"]}"""));
        await scene.RefusedAsync("DELETE", $"/api/v1/namespaces/{scene.Namespace}/pods/web-0", null, 400);
        Assert.Equal(201, (await EvictAsync(scene.Namespace, "web-0")).Code);
        Assert.Equal(["DELETE", "CREATE"], scene.Server.Requests.Select(r => (string?)r["operation"]));
    }

    private Task<(int Code, JsonObject Answer)> EvictAsync(string ns, string pod, string more = "") =>
        world.SendAsync("POST", $"/api/v1/namespaces/{ns}/pods/{pod}/eviction", Eviction(pod, more));

    private async Task RunningPodAsync(string ns, string name, bool ready = true)
    {
        await world.CreateAsync($"/api/v1/namespaces/{ns}/pods", Pod(name));
        await PatchStatusAsync("/api/v1", ns, "pods", name, $$"""{"phase":"Running","conditions":[{"type":"Ready","status":"{{(ready ? "True" : "False")}}"}]}""");
        Assert.Equal(201, (await world.SendAsync("POST", $"/api/v1/namespaces/{ns}/pods/{name}/binding", $$"""{"metadata":{"name":"{{name}}"},"target":{"kind":"Node","name":"nowhere"} }""")).Code);
    }

    private async Task BudgetAsync(string ns, string name, int allowed, int healthy, int desired, string policy = "IfHealthyBudget")
    {
        await world.CreateAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets", Budget(name, policy));
        await PatchStatusAsync(
            "/apis/policy/v1", ns, "poddisruptionbudgets", name,
            $$"""{"observedGeneration":1,"disruptionsAllowed":{{allowed}},"currentHealthy":{{healthy}},"desiredHealthy":{{desired}},"expectedPods":{{healthy}} }""");
    }

    private async Task PatchStatusAsync(string group, string ns, string resource, string name, string status)
    {
        var (code, answer) = await world.SendAsync("PATCH", $"{group}/namespaces/{ns}/{resource}/{name}/status", $$"""{"status":{{status}} }""", "application/merge-patch+json");
        Assert.True(code == 200, answer.ToJsonString());
    }

    private static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"web-{n}");

    private static string Pod(string name) => $$"""{"metadata":{"name":"{{name}}","labels":{"app":"web"} },"spec":{"containers":[{"name":"main","image":"app:1"}]} }""";

    private static string Budget(string name, string policy = "IfHealthyBudget") =>
        $$"""{"metadata":{"name":"{{name}}"},"spec":{"minAvailable":1,"unhealthyPodEvictionPolicy":"{{policy}}","selector":{"matchLabels":{"app":"web"} } } }""";

    private static string Eviction(string pod, string more = "") => $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{pod}}"}{{more}} }""";
}

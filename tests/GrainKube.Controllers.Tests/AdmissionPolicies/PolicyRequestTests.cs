using GrainKube.ApiServer.Pipeline;
using Xunit;

namespace GrainKube.Controllers.Tests.AdmissionPolicies;

/// <summary>What policies see of a request, and whom they may ask.</summary>
[Collection(ClusterTests.Name)]
public sealed class PolicyRequestTests(ClusterFixture fixture)
{
    [Fact]
    public async Task An_authorizer_outside_is_asked_between_the_turns_of_the_object()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.MapAsync("a", "{}");
        await world.BindAsync(
            $$"""
            "matchConditions":[{"name":"asks","expression":"has(object.data) && 'ask' in object.data"}],
            "validations":[{"expression":"authorizer.serviceAccount('{{world.Namespace}}', 'robot').group('').resource('questions').name('{{world.Namespace}}').check('ask').reason() == 'whenever you like'","message":"not now"}]
            """,
            "\"validationActions\":[\"Deny\"]",
            "/v1/configmaps",
            operations: "\"UPDATE\"");
        var map = $"/api/v1/namespaces/{world.Namespace}/configmaps/a";

        var asking = world.Client.MergeAsync(map, """{"data":{"ask":"1"}}""");
        var question = await fixture.Questions.NextAsync(world.Namespace);
        Assert.Equal(200, (await world.Client.MergeAsync(map, """{"data":{"other":"1"}}""")).Code);
        Assert.False(asking.IsCompleted);
        question.SetResult(new AuthorizationDecision(false, "whenever you like"));
        var asked = await asking;
        Assert.Equal((200, """{"other":"1","ask":"1"}"""), (asked.Code, asked.Body["data"]!.ToJsonString()));

        var refused = world.Client.MergeAsync(map, """{"data":{"ask":"2"}}""");
        (await fixture.Questions.NextAsync(world.Namespace)).SetResult(new AuthorizationDecision(false, "never"));
        Assert.EndsWith("denied request: not now", (await refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_options_of_the_request_can_be_read()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "validations":[{"expression":"false","messageExpression":"string(request.options.kind) + ' ' + request.options.?fieldManager.orValue('-') + ' ' + request.options.?fieldValidation.orValue('-') + ' ' + request.options.?dryRun[0].orValue('-') + ' ' + (has(request.name) ? request.name : '-')"}] """,
            "\"validationActions\":[\"Warn\"]",
            "/v1/configmaps",
            operations: "\"CREATE\",\"UPDATE\",\"DELETE\"");
        var maps = $"/api/v1/namespaces/{world.Namespace}/configmaps";
        Assert.EndsWith(": CreateOptions - - - a", Assert.Single((await world.MapAsync("a", "{}")).Warnings), StringComparison.Ordinal);
        var dry = await world.Client.PostAsync($"{maps}?dryRun=All&fieldManager=me&fieldValidation=Ignore", """{"metadata":{"name":"b"}}""");
        Assert.EndsWith(": CreateOptions me Ignore All b", Assert.Single(dry.Warnings), StringComparison.Ordinal);
        Assert.EndsWith(": UpdateOptions me - - a", Assert.Single((await world.Client.MergeAsync($"{maps}/a?fieldManager=me", """{"data":{"k":"v"}}""")).Warnings), StringComparison.Ordinal);
        Assert.EndsWith(": DeleteOptions - - - a", Assert.Single((await world.Client.DeleteAsync($"{maps}/a")).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_a_name_is_drawn_there_is_none()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """
            "failurePolicy":"Fail","reinvocationPolicy":"Never",
            "mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'add', path: '/data', value: {'seen': string(has(request.name)) + ' ' + string(has(object.metadata.name)) + ' ' + string(has(object.metadata.uid))}}]"}}]
            """, "", "/v1/configmaps", "Mutating");
        var maps = $"/api/v1/namespaces/{world.Namespace}/configmaps";
        var drawn = await world.Client.PostAsync(maps, """{"metadata":{"generateName":"c-"}}""");
        Assert.Equal((201, "false false false"), (drawn.Code, drawn.Text("data", "seen")));
        Assert.StartsWith("c-", drawn.Text("metadata", "name"), StringComparison.Ordinal);
        Assert.Equal("true true false", (await world.MapAsync("named", "{}")).Text("data", "seen"));
    }

    [Fact]
    public async Task An_update_is_shown_with_the_revision_that_it_rests_on()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        var made = await world.MapAsync("a", "{}");
        await world.BindAsync(
            $$""" "validations":[{"expression":"object.metadata.resourceVersion == '{{made.Text("metadata", "resourceVersion")}}' && oldObject.metadata.resourceVersion == object.metadata.resourceVersion"}] """,
            "\"validationActions\":[\"Deny\"]",
            "/v1/configmaps",
            operations: "\"UPDATE\"");
        Assert.Equal(200, (await world.Client.MergeAsync($"/api/v1/namespaces/{world.Namespace}/configmaps/a", """{"data":{"k":"v"}}""")).Code);
        Assert.Equal(422, (await world.Client.MergeAsync($"/api/v1/namespaces/{world.Namespace}/configmaps/a", """{"data":{"k":"w"}}""")).Code);
    }

    [Fact]
    public async Task A_policy_sees_the_object_in_the_version_that_it_names()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "validations":[{"expression":"request.kind.version == 'v1' && request.requestKind.version == 'v2' && object.apiVersion == 'autoscaling/v1' && object.spec.targetCPUUtilizationPercentage <= 50","message":"too hot"}] """,
            "\"validationActions\":[\"Deny\"]",
            "autoscaling/v1/horizontalpodautoscalers");
        string Body(int target) => $$"""
            {"metadata":{"name":"a"},"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":{{target}} } } }] } }
            """;
        var path = $"/apis/autoscaling/v2/namespaces/{world.Namespace}/horizontalpodautoscalers";
        Assert.EndsWith("denied request: too hot", (await world.Client.PostAsync(path, Body(80))).Message, StringComparison.Ordinal);
        Assert.Equal(201, (await world.Client.PostAsync(path, Body(50))).Code);
    }

    [Fact]
    public async Task So_does_one_that_edits()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """
            "failurePolicy":"Fail","reinvocationPolicy":"Never",
            "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{spec: Object.spec{targetCPUUtilizationPercentage: 40}}"}}]
            """, "", "autoscaling/v1/horizontalpodautoscalers", "Mutating");
        var made = await world.Client.PostAsync(
            $"/apis/autoscaling/v2/namespaces/{world.Namespace}/horizontalpodautoscalers",
            """{"metadata":{"name":"a"},"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}""");
        Assert.Equal((201, 40), (made.Code, (int?)made.Body["spec"]?["metrics"]?[0]?["resource"]?["target"]?["averageUtilization"]));
    }
}

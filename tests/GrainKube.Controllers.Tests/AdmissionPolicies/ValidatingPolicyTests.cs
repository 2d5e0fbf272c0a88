using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.AdmissionPolicies;

[Collection(ClusterTests.Name)]
public sealed class ValidatingPolicyTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_deployment_is_refused_by_a_policy_that_is_bound()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync("""
            "variables":[{"name":"replicas","expression":"object.spec.replicas"},{"name":"odd","expression":"variables.replicas % 2 == 1"}],
            "matchConditions":[{"name":"not-free","expression":"!object.metadata.name.startsWith('free')"}],
            "validations":[{"expression":"variables.replicas > 1","messageExpression":"'wants replicas > 1, got ' + string(variables.replicas)"},{"expression":"variables.odd","message":"wants odd replicas","reason":"Forbidden"}]
            """, "\"validationActions\":[\"Deny\"]");
        Assert.Equal(201, (await world.DeployAsync("three", 3)).Code);
        Assert.Equal(201, (await world.DeployAsync("free", 1)).Code);
        var one = await world.DeployAsync("one", 1);
        Assert.Equal((422, "Invalid"), (one.Code, one.Text("reason")));
        Assert.Equal($"deployments.apps \"one\" is forbidden: ValidatingAdmissionPolicy '{world.Namespace}' with binding '{world.Namespace}' denied request: wants replicas > 1, got 1", one.Message);
        var four = await world.DeployAsync("four", 4);
        Assert.Equal(403, four.Code);
        Assert.EndsWith("denied request: wants odd replicas", four.Message, StringComparison.Ordinal);
        var scaled = await world.Client.MergeAsync($"/apis/apps/v1/namespaces/{world.Namespace}/deployments/three", """{"spec":{"replicas":1}}""");
        Assert.Equal(422, scaled.Code);
    }

    [Fact]
    public async Task A_warning_is_sent_and_the_object_made()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(""" "validations":[{"expression":"object.spec.replicas > 1"}] """, "\"validationActions\":[\"Warn\",\"Audit\"]");
        var made = await world.DeployAsync("one", 1);
        Assert.Equal(201, made.Code);
        Assert.Equal([$"Validation failed for ValidatingAdmissionPolicy '{world.Namespace}' with binding '{world.Namespace}': failed expression: object.spec.replicas > 1"], made.Warnings);
    }

    [Fact]
    public async Task A_refused_write_is_warned_of_and_annotated_as_well()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "validations":[{"expression":"object.spec.replicas > 1"}],"auditAnnotations":[{"key":"size","valueExpression":"'replicas: ' + string(object.spec.replicas)"}] """,
            "\"validationActions\":[\"Deny\"]");
        await fixture.Cluster.ApplyAsync((JsonObject)JsonNode.Parse($$$"""{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding","metadata":{"name":"{{{world.Namespace}}}-warns"},"spec":{"policyName":"{{{world.Namespace}}}","validationActions":["Warn"],"matchResources":{"namespaceSelector":{"matchLabels":{"policed":"{{{world.Namespace}}}"} } } } }""")!);
        await fixture.Cluster.Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);

        var refused = await world.DeployAsync("one", 1);

        Assert.Equal(422, refused.Code);
        Assert.Equal([$"Validation failed for ValidatingAdmissionPolicy '{world.Namespace}' with binding '{world.Namespace}-warns': failed expression: object.spec.replicas > 1"], refused.Warnings);
        var told = await Assert.ThrowsAsync<ApiException>(() => fixture.Cluster.Objects.CreateAsync(
            (JsonObject)Deployment(world.Namespace), CancellationToken.None));
        Assert.Equal("replicas: 1", told.AuditAnnotations[$"{world.Namespace}/size"]);
    }

    private static JsonNode Deployment(string ns)
    {
        var item = Sample.Deployment("two", 1);
        item["metadata"]!["namespace"] = ns;
        return item;
    }

    [Fact]
    public async Task Parameters_are_found_by_name()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "paramKind":{"apiVersion":"v1","kind":"ConfigMap"},"validations":[{"expression":"object.spec.replicas <= int(params.data.most)"}] """,
            """ "validationActions":["Deny"],"paramRef":{"name":"limits","parameterNotFoundAction":"Deny"} """);
        var without = await world.DeployAsync("d", 1);
        Assert.EndsWith("denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction", without.Message, StringComparison.Ordinal);
        await world.MapAsync("limits", """{"most":"2"}""");
        Assert.Equal(201, (await world.DeployAsync("two", 2)).Code);
        Assert.Equal(422, (await world.DeployAsync("three", 3)).Code);
    }

    [Fact]
    public async Task All_parameters_that_a_selector_picks_must_agree()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "paramKind":{"apiVersion":"v1","kind":"ConfigMap"},"validations":[{"expression":"object.spec.replicas <= int(params.data.most)"}] """,
            """ "validationActions":["Deny"],"paramRef":{"selector":{"matchLabels":{"limits":"yes"}},"parameterNotFoundAction":"Allow"} """);
        Assert.Equal(201, (await world.DeployAsync("before", 9)).Code);
        await world.MapAsync("wide", """{"most":"5"}""", """{"limits":"yes"}""");
        await world.MapAsync("narrow", """{"most":"2"}""", """{"limits":"yes"}""");
        await world.MapAsync("other", """{"most":"0"}""");
        await fixture.Cluster.Objects.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        Assert.Equal(201, (await world.DeployAsync("two", 2)).Code);
        Assert.Equal(422, (await world.DeployAsync("four", 4)).Code);
    }

    [Fact]
    public async Task A_policy_may_keep_people_out_of_containers()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "validations":[{"expression":"object.command[0] != 'sh'","message":"no shells"}] """, "\"validationActions\":[\"Deny\"]", "/v1/pods/exec", operations: "\"CONNECT\"");
        await world.Client.PostAsync($"/api/v1/namespaces/{world.Namespace}/pods", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var refused = await world.Client.PostAsync($"/api/v1/namespaces/{world.Namespace}/pods/p/exec?command=sh&stdout=true", "");
        Assert.Equal(422, refused.Code);
        Assert.EndsWith("denied request: no shells", refused.Message, StringComparison.Ordinal);
        Assert.NotEqual(422, (await world.Client.PostAsync($"/api/v1/namespaces/{world.Namespace}/pods/p/exec?command=ls&stdout=true", "")).Code);
    }

    [Fact]
    public async Task A_policy_about_scaling_sees_the_scale()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """ "validations":[{"expression":"object.kind == 'Scale' && request.kind.group + '/' + request.kind.kind == 'autoscaling/Scale' && object.spec.replicas <= oldObject.spec.replicas + 1"}] """,
            "\"validationActions\":[\"Deny\"]",
            "apps/v1/deployments/scale");
        Assert.Equal(201, (await world.DeployAsync("d", 1)).Code);
        var scale = $"/apis/apps/v1/namespaces/{world.Namespace}/deployments/d/scale";
        Assert.Equal(200, (await world.Client.MergeAsync(scale, """{"spec":{"replicas":2}}""")).Code);
        Assert.Equal(422, (await world.Client.MergeAsync(scale, """{"spec":{"replicas":4}}""")).Code);
    }

    [Fact]
    public async Task A_policy_edits_the_scale()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """
            "failurePolicy":"Fail","reinvocationPolicy":"Never",
            "mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"object.spec.replicas > 3 ? [JSONPatch{op: 'replace', path: '/spec/replicas', value: 3}] : []"}}]
            """, "", "apps/v1/deployments/scale", "Mutating");
        await world.DeployAsync("d", 1);
        var scaled = await world.Client.MergeAsync($"/apis/apps/v1/namespaces/{world.Namespace}/deployments/d/scale", """{"spec":{"replicas":9}}""");
        Assert.Equal((200, 3), (scaled.Code, (int)scaled.Body["spec"]!["replicas"]!));
    }

    [Theory]
    [InlineData("pods/p", "eviction", "policy/v1", "Eviction", """ "metadata":{"name":"p"} """, "object.metadata.name != 'p'")]
    [InlineData("pods/p", "binding", "v1", "Binding", """ "metadata":{"name":"p"},"target":{"kind":"Node","name":"far"} """, "object.target.name != 'far'")]
    [InlineData("serviceaccounts/default", "token", "authentication.k8s.io/v1", "TokenRequest", """ "spec":{"expirationSeconds":7200} """, "object.spec.expirationSeconds <= 3600")]
    public async Task What_is_sent_to_a_subresource_is_what_a_policy_sees(string owner, string subresource, string apiVersion, string kind, string body, string expression)
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        var item = $"/api/v1/namespaces/{world.Namespace}/";
        await world.Client.PostAsync(item + "pods", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"schedulerName":"none","containers":[{"name":"c","image":"i"}]}}""");
        await world.Client.PostAsync(item + "serviceaccounts", """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}""");
        await world.BindAsync(
            $$""" "validations":[{"expression":"request.kind.kind == '{{kind}}' && object.kind == '{{kind}}'","message":"wrong kind"},{"expression":"{{expression}}","message":"seen"}] """,
            "\"validationActions\":[\"Deny\"]",
            $"/v1/{owner.Split('/')[0]}/{subresource}");
        var refused = await world.Client.PostAsync($"{item}{owner}/{subresource}", $$"""{"apiVersion":"{{apiVersion}}","kind":"{{kind}}",{{body}} }""");
        Assert.Equal(422, refused.Code);
        Assert.EndsWith("denied request: seen", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_edits_what_is_made()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(
            """
            "failurePolicy":"Fail","reinvocationPolicy":"Never",
            "mutations":[{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{metadata: Object.metadata{annotations: {'by': request.userInfo.username}}}"}},
             {"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'replace', path: '/spec/replicas', value: object.spec.replicas + 1}]"}}]
            """, "", kind: "Mutating");
        var made = await world.DeployAsync("d", 1);
        Assert.Equal((201, "admin", 2), (made.Code, made.Text("metadata", "annotations", "by"), (int)made.Body["spec"]!["replicas"]!));
    }

    [Fact]
    public async Task Wrong_types_are_told_in_the_status_and_change_nothing()
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        await world.BindAsync(""" "validations":[{"expression":"object.spec.replicas == '1'"},{"expression":"object.spec.replicas > 0"}] """, "\"validationActions\":[\"Warn\"]");
        var policy = fixture.Cluster.Objects.KeyOf<V1ValidatingAdmissionPolicy>("", world.Namespace);
        var found = await fixture.Cluster.EventuallyAsync<V1ValidatingAdmissionPolicy>(p => p.Key == policy, all => all.Any(p => p.As<V1ValidatingAdmissionPolicy>().Status?.TypeChecking is not null));
        var warning = Assert.Single(found.Single().As<V1ValidatingAdmissionPolicy>().Status.TypeChecking.ExpressionWarnings);
        Assert.Equal("spec.validations[0].expression", warning.FieldRef);
        Assert.StartsWith("apps/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_==_' applied to '(int, string)'", warning.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"validations":[{"expression":"object."}]}""", "spec.validations[0].expression: Invalid value: \"object.\": compilation failed: ERROR: <input>:1:8: Syntax error")]
    [InlineData("""{"validations":[{"expression":"'x'"}]}""", "spec.validations[0].expression: Invalid value: \"'x'\": must evaluate to bool but got string")]
    [InlineData("""{"validations":[{"expression":"params.x"}]}""", "undeclared reference to 'params'")]
    [InlineData("""{"validations":[{"expression":" "}]}""", "spec.validations[0].expression: Required value: expression is not specified")]
    [InlineData("""{"validations":[{"expression":"true","message":" "}]}""", "spec.validations[0].message: Invalid value: \" \": message must be non-empty if specified")]
    [InlineData("""{"validations":[{"expression":"true","messageExpression":"1"}]}""", "spec.validations[0].messageExpression: Invalid value: \"1\": must evaluate to string but got int")]
    [InlineData("""{"validations":[{"expression":"true","reason":"No"}]}""", "spec.validations[0].reason: Unsupported value: \"No\": supported values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\", \"Unauthorized\"")]
    [InlineData("""{}""", "spec.validations: Required value: validations or auditAnnotations must contain at least one item")]
    [InlineData("""{"auditAnnotations":[{"key":"a b","valueExpression":"1"}]}""", "spec.auditAnnotations[0].valueExpression: Invalid value: \"1\": must evaluate to one of [string null_type] but got int")]
    [InlineData("""{"validations":[{"expression":"variables.x"}],"variables":[{"name":"1","expression":"true"}]}""", "spec.variables[0].name: Invalid value: \"1\": name is not a valid CEL identifier")]
    [InlineData("""{"validations":[{"expression":"true"}],"matchConditions":[{"name":"a","expression":"1"}]}""", "spec.matchConditions[0].expression: Invalid value: \"1\": must evaluate to bool but got int")]
    public async Task A_policy_that_cannot_work_is_refused(string spec, string message)
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        const string constraints = "\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"*\"],\"resources\":[\"pods\"]}]}";
        var refused = await world.TryPolicyAsync(spec == "{}" ? $"{{{constraints}}}" : $"{{{constraints},{spec[1..]}");
        Assert.Equal((422, "Invalid"), (refused.Code, refused.Text("reason")));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"1"}}],"reinvocationPolicy":"Never"}""", "spec.mutations[0].jsonPatch.expression: Invalid value: \"1\": must evaluate to list(JSONPatch) but got int")]
    [InlineData("""{"mutations":[{"patchType":"JSONPatch"}],"reinvocationPolicy":"Never"}""", "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch")]
    [InlineData("""{"mutations":[],"reinvocationPolicy":"Never"}""", "spec.mutations: Required value: mutations must contain at least one item")]
    public async Task So_is_one_that_edits(string spec, string message)
    {
        using var world = await PolicyWorld.InAsync(fixture.Cluster);
        var refused = await world.TryPolicyAsync($$"""{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["pods"]}]},{{spec[1..]}}""", "Mutating");
        Assert.Equal(422, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}

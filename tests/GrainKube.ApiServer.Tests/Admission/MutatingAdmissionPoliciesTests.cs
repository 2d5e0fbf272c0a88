using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Admission.Policies;
using GrainKube.ApiServer.Authorization;
using GrainKube.Security.Rbac;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission;

public sealed class MutatingAdmissionPoliciesTests
{
    private const string Group = "admissionregistration.k8s.io";
    private const string ConfigMaps = """{"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]}""";

    [Theory]
    [InlineData("""{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": "Object{metadata: Object.metadata{labels: {'a': object.data.k}}}"}}""")]
    [InlineData("""{"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'add', path: '/metadata/labels', value: {'a': object.data.k}}]"}}""")]
    public async Task A_policy_edits_the_object(string mutation)
    {
        var made = await Asking.Create("configmaps", "web", "c", """{"metadata": {"name": "c"}, "data": {"k": "v"}}""").ThroughAsync(Plugin(mutation));
        Assert.Equal("""{"metadata":{"name":"c","labels":{"a":"v"}},"data":{"k":"v"}}""", made.ToJsonString());
    }

    [Fact]
    public async Task A_mutation_that_fails_refuses_the_request()
    {
        var status = await Asking.Create("configmaps", "web", "c").RefusedByAsync(Plugin("""{"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'add', path: '/x', value: object.missing}]"}}"""));
        Assert.Equal(422, status.Code);
        Assert.Contains("policy 'p' with binding 'b' denied request: expression", status.Message);
    }

    private static MutatingAdmissionPolicies Plugin(string mutation)
    {
        var objects = new FakeObjects().AddNamespace("web")
            .Add(Group, "mutatingadmissionpolicies", "", "p", $$"""{"spec": {"matchConstraints": {{ConfigMaps}}, "mutations": [{{mutation}}]} }""")
            .Add(Group, "mutatingadmissionpolicybindings", "", "b", """{"spec": {"policyName": "p"}}""");
        return new MutatingAdmissionPolicies(objects, new ResourceRegistry([]), Asking.Authorizers(new RbacAuthorizer(new RbacIndex())));
    }
}

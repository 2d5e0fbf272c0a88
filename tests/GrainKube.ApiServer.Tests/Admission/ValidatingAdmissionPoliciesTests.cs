using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Admission.Policies;
using GrainKube.ApiServer.Authorization;
using GrainKube.Security.Rbac;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission;

public sealed class ValidatingAdmissionPoliciesTests
{
    private const string Group = "admissionregistration.k8s.io";
    private const string Deployments = """{"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]}]}""";
    private readonly FakeObjects objects = new FakeObjects().AddNamespace("web");

    [Fact]
    public async Task What_a_rule_allows_passes_and_what_it_does_not_is_refused_in_upstreams_words()
    {
        Policy("""[{"expression": "object.spec.replicas > 1", "messageExpression": "'wants replicas > 1, got ' + string(object.spec.replicas)"}, {"expression": "object.spec.replicas > 0"}]""");
        Bind("""["Deny"]""");
        await Deployment(2).ValidatedByAsync(Plugin());
        var status = await Deployment(1).RefusedByAsync(Plugin());
        Assert.Equal((422, "Invalid"), (status.Code, status.Reason));
        Assert.Equal("deployments.apps \"d\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: wants replicas > 1, got 1", status.Message);
    }

    [Fact]
    public async Task Without_a_message_the_expression_is_shown_and_the_reason_gives_the_code()
    {
        Policy("""[{"expression": "object.spec.replicas > 1", "reason": "Unauthorized"}]""");
        Bind("""["Deny"]""");
        var status = await Deployment(1).RefusedByAsync(Plugin());
        Assert.Equal(401, status.Code);
        Assert.EndsWith("denied request: failed expression: object.spec.replicas > 1", status.Message);
    }

    [Fact]
    public async Task Variables_build_on_one_another()
    {
        Policy(
            """[{"expression": "variables.enough", "message": "too few"}]""",
            more: """, "variables": [{"name": "replicas", "expression": "object.spec.replicas"}, {"name": "enough", "expression": "variables.replicas > 1"}]""");
        Bind("""["Deny"]""");
        await Deployment(2).ValidatedByAsync(Plugin());
        Assert.EndsWith("denied request: too few", (await Deployment(1).RefusedByAsync(Plugin())).Message);
    }

    [Fact]
    public async Task A_warning_lets_the_request_pass()
    {
        Policy("""[{"expression": "object.spec.replicas > 1"}]""");
        Bind("""["Warn", "Audit"]""");
        var request = Deployment(1);
        await request.ValidatedByAsync(Plugin());
        Assert.Equal("Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: object.spec.replicas > 1", Assert.Single(request.Warnings));
        Assert.Equal(
            """[{"message":"failed expression: object.spec.replicas \u003E 1","policy":"p","binding":"b","expressionIndex":0,"validationActions":["Warn","Audit"]}]""",
            request.AuditAnnotations["validation.policy.admission.k8s.io/validation_failure"]);
    }

    [Fact]
    public async Task A_policy_may_say_something_in_the_audit_log()
    {
        Policy(
            "[]",
            more: """, "auditAnnotations": [{"key": "size", "valueExpression": "'replicas: ' + string(object.spec.replicas)"}, {"key": "silent", "valueExpression": "object.spec.replicas > 1 ? 'many' : null"}]""");
        Bind("""["Audit"]""");
        var request = Deployment(1);
        await request.ValidatedByAsync(Plugin());
        Assert.Equal("replicas: 1", request.AuditAnnotations["p/size"]);
        Assert.DoesNotContain("p/silent", request.AuditAnnotations.Keys);
    }

    [Theory]
    [InlineData("Fail", true)]
    [InlineData("Ignore", false)]
    public async Task An_error_counts_as_the_failure_policy_says(string failurePolicy, bool refused)
    {
        Policy("""[{"expression": "object.spec.missing > 1"}]""", more: $", \"failurePolicy\": \"{failurePolicy}\"");
        Bind("""["Deny"]""");
        if (refused)
        {
            Assert.EndsWith("denied request: expression 'object.spec.missing > 1' resulted in error: no such key: missing", (await Deployment(1).RefusedByAsync(Plugin())).Message);
        }
        else
        {
            await Deployment(1).ValidatedByAsync(Plugin());
        }
    }

    [Fact]
    public async Task A_match_condition_that_says_no_ends_the_matter()
    {
        Policy("""[{"expression": "false"}]""", more: """, "matchConditions": [{"name": "jane", "expression": "request.userInfo.username != 'jane'"}]""");
        Bind("""["Deny"]""");
        await Deployment(1).ValidatedByAsync(Plugin());
    }

    [Fact]
    public async Task Other_kinds_and_other_namespaces_are_not_asked()
    {
        Policy("""[{"expression": "false"}]""");
        Bind("""["Deny"]""", """, "matchResources": {"namespaceSelector": {"matchLabels": {"policed": "yes"}}}""");
        await Deployment(1).ValidatedByAsync(Plugin());
        await Asking.Create("pods", "web", "x").ValidatedByAsync(Plugin());
    }

    [Fact]
    public async Task The_authorizer_and_the_namespace_can_be_asked()
    {
        Policy("""[{"expression": "!authorizer.group('apps').resource('deployments').namespace('web').check('get').allowed() && namespaceObject.metadata.name == 'web'"}]""");
        objects.AddNamespace("web", """{"metadata": {"name": "web"}}""");
        Bind("""["Deny"]""");
        await Deployment(1).ValidatedByAsync(Plugin());
    }

    private void Policy(string validations, string more = "") =>
        objects.Add(Group, "validatingadmissionpolicies", "", "p", $$"""{"spec": {"matchConstraints": {{Deployments}}, "validations": {{validations}}{{more}} } }""");

    private void Bind(string actions, string more = "") =>
        objects.Add(Group, "validatingadmissionpolicybindings", "", "b", $$"""{"spec": {"policyName": "p", "validationActions": {{actions}}{{more}} } }""");

    private ValidatingAdmissionPolicies Plugin() => new(objects, new ResourceRegistry([]), Asking.Authorizers(new RbacAuthorizer(new RbacIndex())));

    private static AdmissionRequest Deployment(int replicas) => Asking.Create("deployments", "web", "d", $$"""{"spec": {"replicas": {{replicas}} } }""", group: "apps");
}

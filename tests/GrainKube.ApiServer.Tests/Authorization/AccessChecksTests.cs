using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Admission.Policies;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.ApiServer.Tests.Admission;
using GrainKube.Security.Rbac;
using k8s.Models;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authorization;

public sealed class AccessChecksTests
{
    private const string Group = "admissionregistration.k8s.io";
    private readonly FakeObjects objects = new FakeObjects().AddNamespace("web");
    private readonly Outsider outsider = new();

    [Fact]
    public async Task In_a_turn_nobody_waits_for_an_answer_from_outside()
    {
        Policy("authorizer.group('').resource('questions').check('yes').allowed()");
        var open = await Assert.ThrowsAsync<UnansweredCheckException>(() => Asking.Create("configmaps", "web", "c", answers: []).ValidatedByAsync(Plugin()));
        Assert.Equal(new AccessCheck { Resource = "questions", Verb = "yes" }, open.Check);
        await Asking.Create("configmaps", "web", "c", answers: [new AnsweredCheck(open.Check with { }, new AccessAnswer(true))]).ValidatedByAsync(Plugin());
        Assert.Equal(403, (await Asking.Create("configmaps", "web", "c", answers: [new AnsweredCheck(open.Check, new AccessAnswer(false))]).RefusedByAsync(Plugin())).Code);
        Assert.Empty(outsider.Asked);
    }

    [Fact]
    public async Task What_is_known_here_is_answered_at_once()
    {
        Policy("!authorizer.group('').resource('pods').namespace('web').check('get').allowed()");
        await Asking.Create("configmaps", "web", "c", answers: []).ValidatedByAsync(Plugin());
        Assert.Empty(outsider.Asked);
    }

    [Fact]
    public async Task Elsewhere_each_question_is_waited_for_once()
    {
        Policy(
            "variables.may.allowed() && authorizer.group('').resource('questions').check('yes').allowed() && authorizer.serviceAccount('web', 'robot').path('/questions').check('no').reason() == 'because'",
            """, "variables": [{"name": "may", "expression": "authorizer.group('').resource('questions').check('yes')"}]""");
        await Asking.Create("configmaps", "web", "c").ValidatedByAsync(Plugin());
        Assert.Equal(["jane yes", "system:serviceaccount:web:robot no"], outsider.Asked);
    }

    [Fact]
    public async Task An_authorizer_that_fails_is_an_error_that_the_expression_may_read()
    {
        Policy("authorizer.group('').resource('questions').check('broken').errored() && authorizer.group('').resource('questions').check('broken').error() == 'it is away'");
        await Asking.Create("configmaps", "web", "c").ValidatedByAsync(Plugin());
    }

    [Theory]
    [InlineData("authorizer.group('').resource('').check('get').allowed()", "resource must not be empty")]
    [InlineData("authorizer.path(' ').check('get').allowed()", "path must not be empty")]
    [InlineData("authorizer.serviceAccount('a.b', 'x').path('/').check('get').allowed()", "Invalid service account namespace")]
    [InlineData("authorizer.serviceAccount('web', 'X').path('/').check('get').allowed()", "Invalid service account name")]
    public async Task A_question_that_is_none_is_an_error(string expression, string message)
    {
        Policy(expression);
        Assert.Contains($"resulted in error: {message}", (await Asking.Create("configmaps", "web", "c").RefusedByAsync(Plugin())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_edits_asks_as_well()
    {
        objects.Add(Group, "mutatingadmissionpolicies", "", "p", """
            {"spec": {"matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]},
             "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": "[JSONPatch{op: 'add', path: '/data', value: {'may': string(authorizer.group('').resource('questions').check('yes').allowed())}}]"}}]}}
            """).Add(Group, "mutatingadmissionpolicybindings", "", "b", """{"spec": {"policyName": "p"}}""");
        var plugin = new MutatingAdmissionPolicies(objects, new ResourceRegistry([]), Asking.Authorizers(outsider));
        Assert.Equal("""{"data":{"may":"true"}}""", (await Asking.Create("configmaps", "web", "c").ThroughAsync(plugin)).ToJsonString());
    }

    [Fact]
    public async Task Match_conditions_of_webhooks_wait_for_the_answer()
    {
        var conditions = new CelMatchConditions(Asking.Authorizers(outsider));
        V1MatchCondition Of(string verb) => new() { Name = verb, Expression = $"authorizer.requestResource.check('{verb}').allowed()" };
        var request = (JsonObject)JsonNode.Parse("""{"requestResource": {"group": "", "resource": "questions"}, "object": {}, "oldObject": null}""")!;
        Assert.True(await conditions.AreMetAsync([Of("yes")], request, new UserInfo { Name = "jane" }, CancellationToken.None));
        Assert.False(await conditions.AreMetAsync([Of("yes"), Of("no")], request, new UserInfo { Name = "jane" }, CancellationToken.None));
    }

    [Fact]
    public async Task Plugins_ask_in_the_same_way()
    {
        var plugin = new RbacEscalation(new RbacIndex(), Asking.Authorizers(new RbacAuthorizer(new RbacIndex()), new EscalationByOutsider(outsider)));
        AdmissionRequest Role(IReadOnlyList<AnsweredCheck>? answers) => Asking.Create("roles", "web", "r", """{"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""", RoleReference.Group, answers: answers);
        var open = await Assert.ThrowsAsync<UnansweredCheckException>(() => Role([]).ValidatedByAsync(plugin));
        Assert.Equal(("escalate", "roles", "web", "r"), (open.Check.Verb, open.Check.Resource, open.Check.Namespace, open.Check.Name));
        await Role([new AnsweredCheck(open.Check, new AccessAnswer(true))]).ValidatedByAsync(plugin);
        Assert.Equal(403, (await Role(null).RefusedByAsync(plugin)).Code);
        Assert.Equal(["jane escalate"], outsider.Asked);
    }

    private sealed class EscalationByOutsider(Outsider outsider) : IAuthorizer
    {
        public AuthorizationDecision? Known(UserInfo user, RequestInfo request) => null;

        public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel) => outsider.AuthorizeAsync(user, request, cancel);
    }

    private void Policy(string expression, string more = "") => objects
        .Add(Group, "validatingadmissionpolicies", "", "p", $$"""
            {"spec": {"matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]},
             "validations": [{"expression": "{{expression}}", "reason": "Forbidden"}]{{more}} } }
            """)
        .Add(Group, "validatingadmissionpolicybindings", "", "b", """{"spec": {"policyName": "p", "validationActions": ["Deny"]}}""");

    private ValidatingAdmissionPolicies Plugin() => new(objects, new ResourceRegistry([]), Asking.Authorizers(new RbacAuthorizer(new RbacIndex()), outsider));

    /// <summary>Knows about questions, after a while; about nothing else it has an opinion.</summary>
    private sealed class Outsider : IAuthorizer
    {
        public List<string> Asked { get; } = [];

        public AuthorizationDecision? Known(UserInfo user, RequestInfo request) => IsQuestion(request) ? null : new AuthorizationDecision(false);

        public async ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
        {
            await Task.Yield();
            Asked.Add($"{user.Name} {request.Verb}");
            return request.Verb switch
            {
                "yes" => new AuthorizationDecision(true),
                "broken" => new AuthorizationDecision(false, Error: "it is away"),
                _ => new AuthorizationDecision(false, "because"),
            };
        }

        private static bool IsQuestion(RequestInfo request) => request.Resource == "questions" || request.Path == "/questions";
    }
}

using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Authorization;
using Xunit;
using static GrainKube.ApiServer.Tests.Authorization.Access;

namespace GrainKube.ApiServer.Tests.Authorization;

public sealed class AccessReviewTests
{
    private readonly Access access = new Access().Let("bob", "web", "get", "", "pods");

    [Fact]
    public async Task A_review_of_another_says_yes_and_why()
    {
        var answer = await PostAsync(new SubjectAccessReviews(access.Question), """{"spec":{"user":"bob","resourceAttributes":{"verb":"get","resource":"pods","namespace":"web"}}}""");
        Assert.Equal(("SubjectAccessReview", "authorization.k8s.io/v1"), ((string?)answer["kind"], (string?)answer["apiVersion"]));
        Assert.True((bool)answer["status"]!["allowed"]!);
        Assert.Matches("^RBAC: allowed by RoleBinding \"r.*/web\" of ClusterRole \"r.*\" to User \"bob\"$", (string?)answer["status"]!["reason"]);
    }

    [Fact]
    public async Task A_no_has_no_reason()
    {
        var answer = await PostAsync(new SubjectAccessReviews(access.Question), """{"spec":{"user":"x","resourceAttributes":{"verb":"get"}}}""");
        Assert.Equal("""{"allowed":false}""", answer["status"]!.ToJsonString());
    }

    [Fact]
    public async Task A_review_of_oneself_asks_about_the_caller()
    {
        var body = """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods","namespace":"web"}}}""";
        Assert.True((bool)(await PostAsync(new SelfSubjectAccessReviews(access.Question), body, User("bob")))["status"]!["allowed"]!);
        Assert.False((bool)(await PostAsync(new SelfSubjectAccessReviews(access.Question), body, User("joe")))["status"]!["allowed"]!);
        Assert.True((bool)(await PostAsync(new SelfSubjectAccessReviews(access.Question), body, User("root", "system:masters")))["status"]!["allowed"]!);
    }

    [Theory]
    [InlineData("{}", "[spec.resourceAttributes: Invalid value: \"null\": exactly one of nonResourceAttributes or resourceAttributes must be specified, spec.user: Invalid value: \"\": at least one of user or group must be specified]")]
    [InlineData("""{"resourceAttributes":{"verb":"get"}}""", "spec.user: Invalid value: \"\": at least one of user or group must be specified")]
    public async Task An_incomplete_question_is_invalid(string spec, string message)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => PostAsync(new SubjectAccessReviews(access.Question), $$"""{"spec":{{spec}}}"""));
        Assert.Equal((422, $".authorization.k8s.io \"\" is invalid: {message}"), (refusal.Status.Code, refusal.Status.Message));
    }

    [Fact]
    public async Task A_local_review_stays_in_its_namespace()
    {
        var local = new LocalSubjectAccessReviews(access.Question);
        var body = """{"spec":{"user":"bob","resourceAttributes":{"verb":"get","resource":"pods","namespace":"web"}}}""";
        Assert.True((bool)(await PostAsync(local, body, ns: "web"))["status"]!["allowed"]!);
        var refusal = await Assert.ThrowsAsync<ApiException>(() => PostAsync(local, body, ns: "db"));
        Assert.Contains("spec.resourceAttributes.namespace: Invalid value: \"web\": must match metadata.namespace", refusal.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_of_oneself_are_listed()
    {
        var answer = await PostAsync(new SelfSubjectRulesReviews(access.Index, []), """{"spec":{"namespace":"web"}}""", User("bob"));
        Assert.Equal(
            """{"resourceRules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}],"nonResourceRules":[],"incomplete":false}""",
            answer["status"]!.ToJsonString());
        var refusal = await Assert.ThrowsAsync<ApiException>(() => PostAsync(new SelfSubjectRulesReviews(access.Index, []), """{"spec":{}}"""));
        Assert.Equal((400, "no namespace on request"), (refusal.Status.Code, refusal.Status.Message));
    }
}

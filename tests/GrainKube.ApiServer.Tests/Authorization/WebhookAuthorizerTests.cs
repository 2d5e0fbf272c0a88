using System.Net;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Authorization.Outside;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.ApiServer.Tests.Authentication;
using GrainKube.Security.Rbac;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authorization;

public sealed class WebhookAuthorizerTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly AccessAttributes asked = new() { User = Access.User("jane", "devs"), Verb = "get", ApiGroup = "apps", ApiVersion = "v1", Resource = "deployments", Namespace = "web", Name = "d" };

    [Fact]
    public async Task A_service_outside_allows_and_is_asked_again_after_five_minutes()
    {
        using var server = Server("""{"allowed":true,"reason":"because"}""");
        var question = new AccessQuestion([Authorizer(server)]);
        var decision = await question.AskAsync(asked, CancellationToken.None);
        Assert.Equal((true, "because"), (decision.Allowed, decision.Reason));
        await question.AskAsync(asked, CancellationToken.None);
        var sent = JsonNode.Parse(Assert.Single(server.Asked)["POST / ".Length..])!;
        Assert.Equal("authorization.k8s.io/v1", (string?)sent["apiVersion"]);
        Assert.Equal(
            """{"resourceAttributes":{"namespace":"web","verb":"get","group":"apps","version":"v1","resource":"deployments","name":"d"},"user":"jane","groups":["devs"]}""",
            sent["spec"]!.ToJsonString());
        time.Advance(TimeSpan.FromMinutes(5));
        await question.AskAsync(asked, CancellationToken.None);
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task It_is_told_what_of_a_list_is_asked_for()
    {
        using var server = Server("""{"allowed":true}""");
        await new AccessQuestion([Authorizer(server)]).AskAsync(
            asked with { Verb = "list", Name = "", FieldSelector = "metadata.name=d,spec.x!=y", LabelSelector = "app in (a,b),!old" }, CancellationToken.None);
        var attributes = JsonNode.Parse(Assert.Single(server.Asked)["POST / ".Length..])!["spec"]!["resourceAttributes"]!;
        Assert.Equal(
            """{"requirements":[{"key":"metadata.name","operator":"In","values":["d"]},{"key":"spec.x","operator":"NotIn","values":["y"]}]}""", attributes["fieldSelector"]!.ToJsonString());
        Assert.Equal("""{"requirements":[{"key":"app","operator":"In","values":["a","b"]},{"key":"old","operator":"DoesNotExist"}]}""", attributes["labelSelector"]!.ToJsonString());
    }

    [Fact]
    public async Task One_that_fails_is_an_error_and_no_refusal()
    {
        using var broken = new FakeServer((_, _) => (HttpStatusCode.BadRequest, "no"));
        var permission = new Permission(new AccessQuestion([Authorizer(broken)]));
        var failed = await Assert.ThrowsAsync<ApiException>(
            () => permission.DemandAsync(asked.User, new RequestInfo { IsResourceRequest = false, Verb = "get", Path = "/x" }, CancellationToken.None).AsTask());
        Assert.Equal(500, failed.Status.Code);
        var answer = await Access.PostAsync(new SubjectAccessReviews(new AccessQuestion([Authorizer(broken)])), """{"spec":{"user":"bob","resourceAttributes":{"verb":"get"}}}""");
        Assert.NotEmpty((string)answer["status"]!["evaluationError"]!);
    }

    [Fact]
    public async Task Its_denial_ends_the_matter_and_no_opinion_does_not()
    {
        using var denies = Server("""{"allowed":false,"denied":true,"reason":"never"}""");
        var refused = await new AccessQuestion([Authorizer(denies), new AlwaysAllowAuthorizer()]).AskAsync(asked, CancellationToken.None);
        Assert.Equal((false, true, "never"), (refused.Allowed, refused.Denied, refused.Reason));
        using var silent = Server("""{"allowed":false}""");
        Assert.True((await new AccessQuestion([Authorizer(silent), new AlwaysAllowAuthorizer()]).AskAsync(asked, CancellationToken.None)).Allowed);
    }

    [Fact]
    public async Task One_that_does_not_answer_has_no_opinion()
    {
        using var broken = new FakeServer((_, _) => (HttpStatusCode.BadRequest, "no"));
        Assert.False((await new AccessQuestion([Authorizer(broken)]).AskAsync(asked, CancellationToken.None)).Allowed);
        Assert.True((await new AccessQuestion([Authorizer(broken), new AlwaysAllowAuthorizer()]).AskAsync(asked, CancellationToken.None)).Allowed);
    }

    [Fact]
    public async Task A_review_says_that_it_is_denied()
    {
        using var denies = Server("""{"allowed":false,"denied":true}""");
        var answer = await Access.PostAsync(new SubjectAccessReviews(new AccessQuestion([Authorizer(denies)])), """{"spec":{"user":"bob","resourceAttributes":{"verb":"get"}}}""");
        Assert.Equal("""{"allowed":false,"denied":true}""", answer["status"]!.ToJsonString());
    }

    private static FakeServer Server(string status) => new((_, _) => (HttpStatusCode.OK, $$"""{"status":{{status}} }"""));

    [Fact]
    public async Task It_is_asked_about_what_its_conditions_pick_alone()
    {
        using var denies = Server("""{"denied":true}""");
        var authorizer = Authorizer(denies, o => o with { MatchConditions = ["has(request.resourceAttributes)", "request.resourceAttributes.namespace == 'kube-system'"] });
        Assert.False((await new AccessQuestion([authorizer]).AskAsync(asked, CancellationToken.None)).Denied);
        Assert.Empty(denies.Asked);
        Assert.True((await new AccessQuestion([authorizer]).AskAsync(asked with { Namespace = "kube-system" }, CancellationToken.None)).Denied);
        Assert.False((await new AccessQuestion([authorizer]).AskAsync(new AccessAttributes { User = asked.User, Verb = "get", IsResource = false, Path = "/x" }, CancellationToken.None)).Denied);
    }

    [Fact]
    public async Task One_that_fails_closed_denies_while_it_does_not_answer()
    {
        using var broken = new FakeServer((_, _) => (HttpStatusCode.BadRequest, "no"));
        var question = new AccessQuestion([Authorizer(broken, o => o with { FailsClosed = true }), new AlwaysAllowAuthorizer()]);
        Assert.True((await question.AskAsync(asked, CancellationToken.None)).Denied);
    }

    [Fact]
    public async Task A_file_names_the_steps()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1/x'}}], users: [{name: u, user: {token: t}}]}");
        string Yaml(string condition) => $$"""
            apiVersion: apiserver.config.k8s.io/v1
            kind: AuthorizationConfiguration
            authorizers:
            - {type: Node, name: node}
            - type: Webhook
              name: own
              webhook:
                unauthorizedTTL: 10s
                cacheAuthorizedRequests: false
                failurePolicy: Deny
                connectionInfo: {type: KubeConfigFile, kubeConfigFile: {{path}} }
                matchConditions: [{expression: "{{condition}}"}]
            """;
        var steps = AuthorizationFile.Read(Yaml("request.user != 'jane'")).Steps;
        Assert.Equal([AuthorizationMode.Node, AuthorizationMode.Webhook], steps.Select(s => s.Mode));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(10), true), (steps[1].Webhook!.AllowedFor, steps[1].Webhook!.RefusedFor, steps[1].Webhook!.FailsClosed));
        Assert.Contains("compilation failed", Assert.Throws<FormatException>(() => AuthorizationFile.Read(Yaml("request.nobody"))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => AuthorizationFile.Read("{apiVersion: apiserver.config.k8s.io/v1, kind: AuthorizationConfiguration, authorizers: [{type: RBAC}, {type: RBAC}]}"));
        File.Delete(path);
    }

    private WebhookAuthorizer Authorizer(HttpMessageHandler server, Func<AccessWebhook, AccessWebhook>? with = null)
    {
        var options = new AccessWebhook { Service = new ReviewWebhook(server, new Uri("https://access.example.com/"), "v1") };
        return new WebhookAuthorizer(with?.Invoke(options) ?? options, time, NullLogger<WebhookAuthorizer>.Instance);
    }
}

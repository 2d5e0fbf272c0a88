using System.Net;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Authorization.Outside;
using GrainKube.ApiServer.Tests.Authentication;
using GrainKube.Security.Rbac;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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

    private WebhookAuthorizer Authorizer(HttpMessageHandler server) => new(
        Options.Create(new AuthorizationOptions { Webhook = new ReviewWebhook(server, new Uri("https://access.example.com/"), "v1") }), time, NullLogger<WebhookAuthorizer>.Instance);
}

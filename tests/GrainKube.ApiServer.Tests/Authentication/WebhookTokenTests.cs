using System.Net;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class WebhookTokenTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private string status = """{"authenticated":true,"user":{"username":"jane","uid":"7","groups":["devs"],"extra":{"k":["v"]}}}""";

    [Fact]
    public async Task A_service_outside_says_whose_a_token_is_and_is_believed_for_two_minutes()
    {
        using var server = Server();
        var verifier = Verifier(server);
        var found = (await verifier.VerifyAsync("t", [], CancellationToken.None))!;
        Assert.Equal(("jane", "7", "devs", "v"), (found.User.Name, found.User.Uid, found.User.Groups.Single(), found.User.Extra["k"].Single()));
        var asked = JsonNode.Parse(Assert.Single(server.Asked)["POST /review ".Length..])!;
        Assert.Equal(("authentication.k8s.io/v1", "TokenReview", "t", TokenIssuer.Issuer), ((string?)asked["apiVersion"], (string?)asked["kind"], (string?)asked["spec"]!["token"], (string?)asked["spec"]!["audiences"]![0]));
        await verifier.VerifyAsync("t", [], CancellationToken.None);
        Assert.Single(server.Asked);
        time.Advance(TimeSpan.FromMinutes(2));
        await verifier.VerifyAsync("t", [], CancellationToken.None);
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task What_it_does_not_know_is_unknown_and_why_is_told()
    {
        using var server = Server();
        status = """{"authenticated":false}""";
        Assert.Null(await Verifier(server).VerifyAsync("t", [], CancellationToken.None));
        status = """{"authenticated":false,"error":"revoked"}""";
        Assert.Equal("revoked", (await Assert.ThrowsAsync<InvalidTokenException>(async () => await Verifier(server).VerifyAsync("t", [], CancellationToken.None))).Message);
    }

    [Fact]
    public async Task Audiences_are_those_that_it_names()
    {
        using var server = Server();
        status = """{"authenticated":true,"user":{"username":"jane"},"audiences":["vault","other"]}""";
        Assert.Equal(["vault"], (await Verifier(server).VerifyAsync("t", ["vault", "x"], CancellationToken.None))!.Audiences);
        Assert.Null(await Verifier(server).VerifyAsync("t", ["x"], CancellationToken.None));
        status = """{"authenticated":true,"user":{"username":"jane"}}""";
        Assert.Null(await Verifier(server).VerifyAsync("t", ["vault"], CancellationToken.None));
    }

    [Fact]
    public async Task One_that_refuses_to_answer_is_an_error()
    {
        using var server = new FakeServer((_, _) => (HttpStatusCode.Forbidden, "no"));
        await Assert.ThrowsAsync<InvalidTokenException>(async () => await Verifier(server).VerifyAsync("t", [], CancellationToken.None));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_kubeconfig_says_where_it_is()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1/x'}}], users: [{name: u, user: {token: t}}]}");
        using var webhook = ReviewWebhook.Load(path, "v1");
        Assert.Equal("v1", webhook.Version);
        await File.WriteAllTextAsync(path, "nonsense: [");
        Assert.Throws<FormatException>(() => ReviewWebhook.Load(path, "v1"));
        File.Delete(path);
    }

    private FakeServer Server() => new((_, _) => (HttpStatusCode.OK, $$"""{"kind":"TokenReview","status":{{status}} }"""));

    private WebhookTokenVerifier Verifier(HttpMessageHandler server) =>
        new(Options.Create(new AuthenticationOptions { TokenWebhook = new ReviewWebhook(server, new Uri("https://review.example.com/review"), "v1") }), time);
}

using System.Buffers.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Tests.Admission;
using GrainKube.ApiServer.Tests.Authorization;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class TokenRequestTests
{
    private const string Bound = """{"apiVersion":"v1","kind":"Pod","name":"web-0","uid":"pod-uid"}""";
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private static readonly TokenKey Key = TokenKey.Load(TokenKey.New());
    private readonly FakeObjects objects = new FakeObjects()
        .AddAccount("web", "robot").AddAccount("web", "other")
        .Add("", "pods", "web", "web-0", """{"spec":{"serviceAccountName":"robot","nodeName":"n"}}""", "pod-uid")
        .Add("", "nodes", "", "n", uid: "node-uid");

    [Fact]
    public async Task A_plain_request_gets_an_hour_for_the_server_itself()
    {
        var answer = await RequestAsync("{}");
        Assert.Equal("""{"audiences":["https://kubernetes.default.svc.cluster.local"],"expirationSeconds":3600,"boundObjectRef":null}""", answer["spec"]!.ToJsonString());
        Assert.Equal("2026-11-22T13:00:00Z", (string?)answer["status"]!["expirationTimestamp"]);
        Assert.Equal("""{"name":"robot","namespace":"web","creationTimestamp":"2026-11-22T12:00:00Z"}""", answer["metadata"]!.ToJsonString());
        var claims = Claims(answer);
        Assert.Equal("system:serviceaccount:web:robot", (string?)claims["sub"]);
        Assert.Equal("""{"namespace":"web","serviceaccount":{"name":"robot","uid":"sa-uid"}}""", claims["kubernetes.io"]!.ToJsonString());
        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task A_pods_own_token_lives_for_a_year_and_is_marked()
    {
        var answer = await RequestAsync($$"""{"expirationSeconds":3607,"boundObjectRef":{{Bound}}}""");
        var claims = Claims(answer);
        Assert.Equal(365 * 24 * 3600, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal(3607, (long)claims["kubernetes.io"]!["warnafter"]! - (long)claims["iat"]!);
        Assert.Equal("2026-11-22T13:00:07Z", (string?)answer["status"]!["expirationTimestamp"]);
        Assert.Equal("""{"name":"web-0","uid":"pod-uid"}""", claims["kubernetes.io"]!["pod"]!.ToJsonString());
        Assert.Equal("""{"name":"n","uid":"node-uid"}""", claims["kubernetes.io"]!["node"]!.ToJsonString());
    }

    [Fact]
    public async Task A_token_for_others_is_not_extended()
    {
        var claims = Claims(await RequestAsync($$"""{"audiences":["vault"],"expirationSeconds":3607,"boundObjectRef":{{Bound}}}"""));
        Assert.Equal(3607, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Null(claims["kubernetes.io"]!["warnafter"]);
    }

    [Theory]
    [InlineData("""{"expirationSeconds":10}""", 422, "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes")]
    [InlineData("""{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"zz"}}""", 404, "pods \"zz\" not found")]
    [InlineData("""{"boundObjectRef":{"kind":"ConfigMap","apiVersion":"v1","name":"zz"}}""", 400, "cannot bind token to object of type /v1, Kind=ConfigMap")]
    [InlineData(
        """{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"web-0","uid":"old"}}""",
        409,
        "Operation cannot be fulfilled on Pod \"web-0\": the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated")]
    public async Task What_cannot_be_is_refused_in_upstreams_words(string spec, int code, string message)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => RequestAsync(spec));
        Assert.Equal((code, message), (refusal.Status.Code, refusal.Status.Message));
    }

    [Fact]
    public async Task An_account_must_exist_and_be_the_pods()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => RequestAsync("{}", "nope"));
        Assert.Equal((404, "serviceaccounts \"nope\" not found"), (refusal.Status.Code, refusal.Status.Message));
        refusal = await Assert.ThrowsAsync<ApiException>(() => RequestAsync($$"""{"boundObjectRef":{{Bound}}}""", "other"));
        Assert.Equal("cannot bind token for serviceaccount \"other\" to pod running with different serviceaccount name.", refusal.Status.Message);
    }

    [Fact]
    public async Task A_review_tells_whose_a_token_is()
    {
        var issuer = new TokenIssuer(Key);
        var reviews = new TokenReviews(new TokenVerifiers([new TokenVerifier(issuer, new BoundObjects(objects, time), time)]));
        var token = (string)(await RequestAsync("""{"audiences":["a"]}"""))["status"]!["token"]!;

        var good = await Access.PostAsync(reviews, $$"""{"spec":{"token":"{{token}}","audiences":["a"]} }""");
        Assert.True((bool)good["status"]!["authenticated"]!);
        Assert.Equal("system:serviceaccount:web:robot", (string?)good["status"]!["user"]!["username"]);
        Assert.Equal("""["a"]""", good["status"]!["audiences"]!.ToJsonString());

        var wrong = await Access.PostAsync(reviews, $$"""{"spec":{"token":"{{token}}"} }""");
        Assert.Equal(
            "[invalid bearer token, token audiences [\"a\"] is invalid for the target audiences [\"https://kubernetes.default.svc.cluster.local\"]]", (string?)wrong["status"]!["error"]);
        var unknown = await Access.PostAsync(reviews, """{"spec":{"token":"x"}}""");
        Assert.Equal("""{"user":{},"error":"invalid bearer token"}""", unknown["status"]!.ToJsonString());
        var none = await Assert.ThrowsAsync<ApiException>(() => Access.PostAsync(reviews, """{"spec":{}}"""));
        Assert.Equal((400, "token is required for TokenReview in authentication"), (none.Status.Code, none.Status.Message));
    }

    [Fact]
    public async Task Whoami_shows_the_caller()
    {
        var answer = await Access.PostAsync(new SelfSubjectReviews(time), "{}", Access.User("jane", "devs", "system:authenticated"));
        Assert.Equal("""{"userInfo":{"username":"jane","groups":["devs","system:authenticated"]}}""", answer["status"]!.ToJsonString());
    }

    private Task<JsonObject> RequestAsync(string spec, string account = "robot") =>
        Access.PostAsync(new TokenRequests(objects, new TokenIssuer(Key), time), $$"""{"spec":{{spec}}}""", ns: "web", name: account);

    private static JsonNode Claims(JsonObject answer) => JsonNode.Parse(Base64Url.DecodeFromChars(((string)answer["status"]!["token"]!).Split('.')[1]))!;
}

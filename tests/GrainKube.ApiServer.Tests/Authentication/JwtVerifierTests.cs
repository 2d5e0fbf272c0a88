using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authentication.OpenIdConnect;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class JwtVerifierTests : IDisposable
{
    private const string Url = "https://accounts.example.com";
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly RSA rsa = RSA.Create(2048);
    private readonly ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeServer server;
    private string keyId = "k1";

    public JwtVerifierTests() => server = new FakeServer((request, _) => request.RequestUri!.AbsolutePath switch
    {
        "/.well-known/openid-configuration" => (HttpStatusCode.OK, $$"""{"issuer":"{{Url}}","jwks_uri":"{{Url}}/keys"}"""),
        "/keys" => (HttpStatusCode.OK, Keys()),
        _ => (HttpStatusCode.NotFound, "{}"),
    });

    public void Dispose()
    {
        rsa.Dispose();
        curve.Dispose();
        server.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    public async Task A_token_of_the_issuer_is_its_user(string algorithm)
    {
        var found = await Verifier().VerifyAsync(Token("""{"sub":"jane","groups":["devs","ops"],"jti":"7"}""", algorithm), [], CancellationToken.None);
        Assert.Equal("oidc:jane", found!.User.Name);
        Assert.Equal(["g:devs", "g:ops"], found.User.Groups);
        Assert.Equal(["JTI=7"], found.User.Extra["authentication.kubernetes.io/credential-id"]);
        Assert.Equal([TokenIssuer.Issuer], found.Audiences);
    }

    [Fact]
    public async Task The_issuer_is_asked_for_its_keys_once_and_again_for_one_that_is_new()
    {
        var verifier = Verifier();
        await verifier.VerifyAsync(Token("""{"sub":"jane"}"""), [], CancellationToken.None);
        await verifier.VerifyAsync(Token("""{"sub":"joe"}"""), [], CancellationToken.None);
        Assert.Equal(["GET /.well-known/openid-configuration", "GET /keys"], server.Asked);
        keyId = "k2";
        await Assert.ThrowsAsync<InvalidTokenException>(async () => await verifier.VerifyAsync(Token("""{"sub":"joe"}"""), [], CancellationToken.None));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await verifier.VerifyAsync(Token("""{"sub":"joe"}"""), [], CancellationToken.None));
        Assert.Equal(4, server.Asked.Count);
    }

    [Theory]
    [InlineData("""{"sub":"jane","aud":"another"}""", "oidc: verify token: expected audience in [\"app\"] got [\"another\"]")]
    [InlineData("""{"sub":"jane","exp":1}""", "oidc: verify token: oidc: token is expired (Token Expiry: 1970-01-01 00:00:01 +0000 UTC)")]
    [InlineData("""{"sub":"jane","nbf":4102444800}""", "oidc: verify token: current time 2026-11-22 12:00:00 +0000 UTC before the nbf (not before) time: 2100-01-01 00:00:00 +0000 UTC")]
    [InlineData("""{"groups":[]}""", "oidc: parse username claims \"sub\": claim not present")]
    [InlineData("""{"sub":"jane","groups":[1]}""", "oidc: parse groups claim \"groups\": not a list of strings")]
    public async Task A_token_that_is_not_good_is_refused(string claims, string why) =>
        Assert.Equal(why, (await Assert.ThrowsAsync<InvalidTokenException>(async () => await Verifier().VerifyAsync(Token(claims), [], CancellationToken.None))).Message);

    [Fact]
    public async Task A_signature_must_be_of_the_issuers_key_and_an_algorithm_that_is_accepted()
    {
        using var other = RSA.Create(2048);
        var forged = Token("""{"sub":"jane"}""", "RS256", other);
        Assert.Equal(
            "oidc: verify token: failed to verify signature: failed to verify id token signature",
            (await Assert.ThrowsAsync<InvalidTokenException>(async () => await Verifier().VerifyAsync(forged, [], CancellationToken.None))).Message);
        var verifier = Verifier(issuer => issuer with { Algorithms = ["ES256"] });
        await Assert.ThrowsAsync<InvalidTokenException>(async () => await verifier.VerifyAsync(Token("""{"sub":"jane"}"""), [], CancellationToken.None));
        var unsigned = Token("""{"sub":"jane"}""");
        await Assert.ThrowsAsync<InvalidTokenException>(async () => await verifier.VerifyAsync(unsigned[..(unsigned.LastIndexOf('.') + 1)], [], CancellationToken.None));
    }

    [Fact]
    public async Task Tokens_of_others_are_none_of_its_business()
    {
        Assert.Null(await Verifier().VerifyAsync(Token("""{"sub":"jane","iss":"https://other.example.com"}"""), [], CancellationToken.None));
        Assert.Null(await Verifier().VerifyAsync("x.y.z", [], CancellationToken.None));
        Assert.Null(await Verifier().VerifyAsync("abcdef.0123456789abcdef", [], CancellationToken.None));
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task An_address_must_be_confirmed_and_a_required_claim_have_its_value()
    {
        var byMail = Verifier(issuer => issuer with { Username = new MappedClaim("email"), ClaimRules = [new ClaimRule("hd", "example.com")] });
        Assert.Equal("jane@example.com", (await byMail.VerifyAsync(Token("""{"email":"jane@example.com","hd":"example.com"}"""), [], CancellationToken.None))!.User.Name);
        await RefusedAsync(byMail, """{"email":"jane@example.com","hd":"example.com","email_verified":false}""", "oidc: email not verified");
        await RefusedAsync(byMail, """{"email":"jane@example.com"}""", "oidc: required claim hd not present in ID token");
        await RefusedAsync(byMail, """{"email":"jane@example.com","hd":"evil.com"}""", "oidc: required claim hd value does not match. Got = evil.com, want = example.com");
    }

    [Fact]
    public async Task A_configuration_file_may_compute_everything_of_the_claims()
    {
        var options = AuthenticationFile.Read(
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AuthenticationConfiguration
            jwt:
            - issuer:
                url: https://accounts.example.com
                audiences: [app]
              claimValidationRules:
              - expression: "claims.hd == 'example.com'"
                message: the hosted domain must be example.com
              claimMappings:
                username: {expression: "'x-' + claims.sub"}
                groups: {expression: "claims.roles.split(',')"}
                uid: {claim: uid}
                extra:
                - {key: "example.com/tenant", valueExpression: "claims.tenant"}
              userValidationRules:
              - expression: "!user.username.startsWith('x-system:')"
                message: no system users
            anonymous: {enabled: false}
            """,
            new AuthenticationOptions());
        Assert.False(options.Anonymous);
        var verifier = new JwtVerifier(options.Issuers, time, _ => server);
        var user = (await verifier.VerifyAsync(Token("""{"sub":"jane","roles":"a,b","hd":"example.com","uid":"7","tenant":"t"}"""), [], CancellationToken.None))!.User;
        Assert.Equal(("x-jane", "7", "a b", "t"), (user.Name, user.Uid, string.Join(' ', user.Groups), user.Extra["example.com/tenant"].Single()));
        await RefusedAsync(verifier, """{"sub":"jane","hd":"no"}""", "oidc: error evaluating claim validation expression: validation expression 'claims.hd == 'example.com'' failed: the hosted domain must be example.com");
        await RefusedAsync(
            verifier,
            """{"sub":"system:x","roles":"","hd":"example.com","uid":"7","tenant":"t"}""",
            "oidc: error evaluating user info validation rule: validation expression '!user.username.startsWith('x-system:')' failed: no system users");
    }

    [Theory]
    [InlineData("kind: Pod\napiVersion: v1", "no kind \"Pod\" is registered for version \"v1\"")]
    [InlineData("{kind: AuthenticationConfiguration, apiVersion: apiserver.config.k8s.io/v1, jwt: [{issuer: {url: 'http://x'}}]}", "jwt[0].issuer.url: Invalid value: \"http://x\": URL scheme must be https")]
    [InlineData("{kind: AuthenticationConfiguration, apiVersion: apiserver.config.k8s.io/v1, jwt: [{issuer: {url: 'https://x', audiences: [a]}, claimMappings: {username: {expression: 'claims.'}}}]}", "expression 'claims.': compilation failed")]
    [InlineData("{kind: AuthenticationConfiguration, apiVersion: apiserver.config.k8s.io/v1, jwt: [{issuer: {url: 'https://x', audiences: [a]}}]}", "claimMappings.username: Required value")]
    public void A_file_that_is_wrong_is_an_error(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => AuthenticationFile.Read(yaml, new AuthenticationOptions())).Message, StringComparison.Ordinal);

    private async Task RefusedAsync(JwtVerifier verifier, string claims, string why) =>
        Assert.Equal(why, (await Assert.ThrowsAsync<InvalidTokenException>(async () => await verifier.VerifyAsync(Token(claims), [], CancellationToken.None))).Message);

    private JwtVerifier Verifier(Func<JwtIssuer, JwtIssuer>? with = null)
    {
        var issuer = new JwtIssuer { Url = Url, Audiences = ["app"], Username = new MappedClaim("sub", "oidc:"), Groups = new MappedClaim("groups", "g:") };
        return new JwtVerifier([with?.Invoke(issuer) ?? issuer], time, _ => server);
    }

    private string Token(string claims, string algorithm = "RS256", RSA? signer = null)
    {
        var body = JsonNode.Parse(claims)!.AsObject();
        body["iss"] ??= Url;
        body["aud"] ??= "app";
        body["exp"] ??= time.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var signed = $"{Encode($$"""{"alg":"{{algorithm}}","kid":"{{(algorithm[0] == 'E' ? "e" : "")}}{{keyId}}"}""")}.{Encode(body.ToJsonString())}";
        var data = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "RS256" => (signer ?? rsa).SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS384" => rsa.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
            _ => curve.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private string Keys()
    {
        var open = rsa.ExportParameters(false);
        var point = curve.ExportParameters(false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "RSA", use = "sig", kid = keyId, n = Base64Url.EncodeToString(open.Modulus), e = Base64Url.EncodeToString(open.Exponent) },
                new { kty = "EC", kid = "e" + keyId, crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
                new { kty = "oct", kid = "s" },
            },
        });
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

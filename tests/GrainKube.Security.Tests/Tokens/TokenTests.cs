using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Security.Pki;
using GrainKube.Security.Tokens;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Security.Tests.Tokens;

public sealed class TokenTests
{
    private static readonly TokenKey Key = TokenKey.Load(TokenKey.New());
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly Objects objects = new();
    private readonly TokenIssuer issuer;
    private readonly TokenVerifier verifier;

    public TokenTests()
    {
        issuer = new TokenIssuer(Key);
        verifier = new TokenVerifier(issuer, objects, time);
    }

    [Fact]
    public async Task A_token_of_a_living_account_is_its_user()
    {
        var verified = await VerifyAsync(issuer.Sign(Claims()));
        Assert.Equal("system:serviceaccount:web:robot", verified!.User.Name);
        Assert.Equal("sa-uid", verified.User.Uid);
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:web", "system:authenticated"], verified.User.Groups);
        Assert.Equal("web-0", verified.User.Extra["authentication.kubernetes.io/pod-name"].Single());
        Assert.Equal("JTI=id-1", verified.User.Extra["authentication.kubernetes.io/credential-id"].Single());
    }

    [Fact]
    public void The_claims_on_the_wire_are_upstreams()
    {
        var parts = issuer.Sign(Claims() with { WarnAfter = time.GetUtcNow() }).Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.ToJsonString();
        Assert.Equal("RS256", (string?)header["alg"]);
        Assert.Equal(issuer.KeyId, (string?)header["kid"]);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $$$"""{"aud":["{{{TokenIssuer.Issuer}}}"],"exp":{{{now + 3600}}},"iat":{{{now}}},"iss":"{{{TokenIssuer.Issuer}}}","jti":"id-1","kubernetes.io":{"namespace":"web","node":{"name":"n","uid":"node-uid"},"pod":{"name":"web-0","uid":"pod-uid"},"serviceaccount":{"name":"robot","uid":"sa-uid"},"warnafter":{{{now}}}},"nbf":{{{now}}},"sub":"system:serviceaccount:web:robot"}""",
            payload);
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var token = issuer.Sign(Claims());
        await VerifyAsync(token);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("service account token has expired", await FailsAsync(token));
    }

    [Theory]
    [InlineData("pods/web/web-0", "pod web/web-0 has been deleted")]
    [InlineData("serviceaccounts/web/robot", "service account web/robot has been deleted")]
    public async Task A_token_ends_with_what_it_is_bound_to(string gone, string message)
    {
        var token = issuer.Sign(Claims());
        await VerifyAsync(token);
        objects.Uids.Remove(gone);
        Assert.Equal(message, await FailsAsync(token));
    }

    [Fact]
    public async Task A_namesake_of_the_account_does_not_revive_its_tokens()
    {
        objects.Uids["serviceaccounts/web/robot"] = "other";
        Assert.Equal("service account UID (other) does not match claim (sa-uid)", await FailsAsync(issuer.Sign(Claims())));
    }

    [Fact]
    public async Task An_audience_must_be_shared()
    {
        var token = issuer.Sign(Claims() with { Audiences = ["vault", "other"] });
        Assert.Equal($"token audiences [\"vault\" \"other\"] is invalid for the target audiences [\"{TokenIssuer.Issuer}\"]", await FailsAsync(token));
        Assert.Equal(["vault"], (await verifier.VerifyAsync(token, ["vault", "x"], CancellationToken.None))!.Audiences);
    }

    [Fact]
    public async Task Forged_tokens_are_refused_and_foreign_ones_left_to_others()
    {
        using var otherKey = TokenKey.Load(TokenKey.New());
        Assert.Equal("invalid bearer token", await FailsAsync(new TokenIssuer(otherKey).Sign(Claims())));

        var parts = issuer.Sign(Claims()).Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("robot", "admin", StringComparison.Ordinal);
        Assert.Equal("invalid bearer token", await FailsAsync($"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}"));
        var none = Base64Url.EncodeToString("{\"alg\":\"none\"}"u8);
        Assert.Equal("invalid bearer token", await FailsAsync($"{none}.{parts[1]}."));

        Assert.Null(await VerifyAsync(issuer.Sign(Claims() with { Issuer = "https://elsewhere" })));
        Assert.All(await Task.WhenAll(new[] { "", "x", "a.b.c", "..", "!.!.!" }.Select(t => VerifyAsync(t))), Assert.Null);
    }

    [Fact]
    public void The_key_set_verifies_tokens()
    {
        var published = issuer.KeySet()["keys"]![0]!;
        Assert.Equal(issuer.KeyId, (string?)published["kid"]);
        Assert.Equal(("RSA", "RS256", "sig"), ((string?)published["kty"], (string?)published["alg"], (string?)published["use"]));
        Assert.Equal("RS256", (string?)issuer.Discovery(new Uri("https://here"))["id_token_signing_alg_values_supported"]![0]);
        using var rebuilt = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars((string)published["n"]!), Exponent = Base64Url.DecodeFromChars((string)published["e"]!) });
        var token = issuer.Sign(Claims());
        var dot = token.LastIndexOf('.');
        Assert.True(rebuilt.VerifyData(Encoding.ASCII.GetBytes(token, 0, dot), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void A_cluster_that_began_with_a_curve_keeps_its_key()
    {
        using var old = TokenKey.Load(CertificateAuthority.NewKey());
        var signer = new TokenIssuer(old);
        var token = signer.Sign(Claims());
        Assert.True(JsonWebToken.IsSignedBy(token, old));
        Assert.False(JsonWebToken.IsSignedBy(token, Key));
        var published = signer.KeySet()["keys"]![0]!;
        Assert.Equal(("EC", "ES256", "P-256"), ((string?)published["kty"], (string?)published["alg"], (string?)published["crv"]));
        using var rebuilt = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string)published["x"]!), Y = Base64Url.DecodeFromChars((string)published["y"]!) },
        });
        Assert.Equal(old.ExportSubjectPublicKeyInfo(), rebuilt.ExportSubjectPublicKeyInfo());
    }

    private Task<VerifiedToken?> VerifyAsync(string token) => verifier.VerifyAsync(token, [], CancellationToken.None).AsTask();

    private async Task<string> FailsAsync(string token) => (await Assert.ThrowsAsync<InvalidTokenException>(() => VerifyAsync(token))).Message;

    private TokenClaims Claims() => new()
    {
        Namespace = "web",
        ServiceAccount = new("robot", "sa-uid"),
        Pod = new("web-0", "pod-uid"),
        Node = new("n", "node-uid"),
        Audiences = [TokenIssuer.Issuer],
        IssuedAt = time.GetUtcNow(),
        NotBefore = time.GetUtcNow(),
        Expires = time.GetUtcNow().AddHours(1),
        Issuer = TokenIssuer.Issuer,
        Id = "id-1",
    };

    private sealed class Objects : IBoundObjects
    {
        public Dictionary<string, string> Uids { get; } = new() { ["serviceaccounts/web/robot"] = "sa-uid", ["pods/web/web-0"] = "pod-uid" };

        public ValueTask<string?> UidOfAsync(string resource, string ns, string name, CancellationToken cancel) => ValueTask.FromResult(Uids.GetValueOrDefault($"{resource}/{ns}/{name}"));
    }
}

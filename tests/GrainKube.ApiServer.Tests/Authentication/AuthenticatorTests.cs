using System.Buffers.Text;
using System.Text;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Tests.Admission;
using GrainKube.Security.Pki;
using GrainKube.Security.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

public sealed class AuthenticatorTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeObjects objects = new FakeObjects().AddAccount("web", "robot");
    private readonly string directory = Directory.CreateTempSubdirectory("grainkube-auth").FullName;
    private readonly ClusterSecrets secrets;
    private readonly TokenIssuer issuer;

    public AuthenticatorTests()
    {
        secrets = ClusterSecrets.LoadAsync(new FileVault(directory), time, CancellationToken.None).GetAwaiter().GetResult();
        issuer = new TokenIssuer(secrets.ServiceAccountKey);
    }

    public void Dispose()
    {
        secrets.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_client_certificate_names_its_user_until_it_expires()
    {
        var authenticator = new ClientCertificateAuthenticator(new ClientCertificates(secrets.Authority, time), time);
        var context = new DefaultHttpContext();
        Assert.Null(await authenticator.AuthenticateAsync(context));
        context.Connection.ClientCertificate = secrets.Authority.IssueClient("jane", ["devs"], TimeSpan.FromHours(1)).Certificate;
        Assert.Equal("jane", (await authenticator.AuthenticateAsync(context))!.Name);
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await authenticator.AuthenticateAsync(context));
    }

    [Fact]
    public async Task A_token_is_known_from_the_header_and_from_a_web_sockets_protocols()
    {
        var token = Token();
        Assert.Equal("system:serviceaccount:web:robot", (await ByTokenAsync(c => c.Request.Headers.Authorization = $"Bearer {token}"))?.Name);
        var protocol = "base64url.bearer.authorization.k8s.io." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token));
        Assert.Equal("system:serviceaccount:web:robot", (await ByTokenAsync(c => c.Request.Headers.SecWebSocketProtocol = $"v5.channel.k8s.io, {protocol}"))?.Name);
        Assert.Null(await ByTokenAsync(c => c.Request.Headers.Authorization = "Basic abc"));
    }

    [Fact]
    public async Task A_token_of_a_deleted_account_is_nobodys()
    {
        var token = Token();
        objects.AddAccount("web", "robot", uid: "another");
        Assert.Null(await ByTokenAsync(c => c.Request.Headers.Authorization = $"Bearer {token}"));
        objects.Remove("", "serviceaccounts", "web", "robot");
        Assert.Null(await ByTokenAsync(c => c.Request.Headers.Authorization = $"Bearer {token}"));
    }

    [Fact]
    public async Task An_account_that_goes_keeps_its_token_for_a_minute()
    {
        var token = Token();
        objects.Add("", "serviceaccounts", "web", "robot", uid: "sa-uid", deleted: time.GetUtcNow());
        Assert.NotNull(await ByTokenAsync(c => c.Request.Headers.Authorization = $"Bearer {token}"));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(await ByTokenAsync(c => c.Request.Headers.Authorization = $"Bearer {token}"));
    }

    [Fact]
    public async Task Only_who_shows_nothing_is_anonymous()
    {
        var anonymous = new AnonymousAuthenticator(Options.Create(new AuthenticationOptions()));
        var context = new DefaultHttpContext();
        var user = await anonymous.AuthenticateAsync(context);
        Assert.Equal("system:anonymous", user!.Name);
        Assert.Equal(["system:unauthenticated"], user.Groups);
        context.Request.Headers.Authorization = "Bearer x";
        Assert.Null(await anonymous.AuthenticateAsync(context));
    }

    [Fact]
    public async Task Nobody_is_anonymous_where_that_is_switched_off_or_the_path_is_another()
    {
        var context = new DefaultHttpContext();
        Assert.Null(await new AnonymousAuthenticator(Options.Create(new AuthenticationOptions { Anonymous = false })).AuthenticateAsync(context));
        var onlyHealth = new AnonymousAuthenticator(Options.Create(new AuthenticationOptions { AnonymousPaths = ["/livez"] }));
        Assert.Null(await onlyHealth.AuthenticateAsync(context));
        context.Request.Path = "/livez";
        Assert.Equal("system:anonymous", (await onlyHealth.AuthenticateAsync(context))?.Name);
    }

    private async Task<GrainKube.ApiMachinery.Identity.UserInfo?> ByTokenAsync(Action<HttpContext> arrange)
    {
        var context = new DefaultHttpContext();
        arrange(context);
        var verifier = new TokenVerifier(issuer, new BoundObjects(objects, time), time);
        return await new BearerTokenAuthenticator(new TokenVerifiers([verifier]), NullLogger<BearerTokenAuthenticator>.Instance).AuthenticateAsync(context);
    }

    private string Token() => issuer.Sign(new TokenClaims
    {
        Namespace = "web",
        ServiceAccount = new BoundObject("robot", "sa-uid"),
        Audiences = [TokenIssuer.Issuer],
        IssuedAt = time.GetUtcNow(),
        NotBefore = time.GetUtcNow(),
        Expires = time.GetUtcNow().AddHours(1),
        Issuer = TokenIssuer.Issuer,
        Id = "x",
    });
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Health;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Tests.Bootstrap;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Client;
using GrainKube.Security.Pki;
using GrainKube.Security.Rbac;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace GrainKube.ApiServer.Tests.Authentication;

/// <summary>Kestrel, TLS and the pipeline over a silo.</summary>
public sealed class OverTheWireTests(IdentityWorld world) : IClassFixture<IdentityWorld>, IAsyncLifetime
{
    private WebApplication app = null!;
    private ServerCertificate certificate = null!;
    private Uri address = null!;

    public async Task InitializeAsync()
    {
        certificate = new ServerCertificate(world.Secrets.Authority, ["localhost", "127.0.0.1"], [world.Secrets.Authority], TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => certificate.Current;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        builder.Services.AddSingleton(world.Service<WatchCache>());
        builder.Services.AddSingleton(world.Service<ResourceRegistry>());
        builder.Services.AddSingleton(world.Service<IGrainFactory>());
        builder.Services.AddSingleton(world.Service<ObjectClientFactory>());
        builder.Services.AddSingleton(world.Store);
        builder.Services.AddSingleton(world.Service<RbacIndex>());
        builder.Services.AddApiServer();
        builder.Services.AddAuthorizers().AddIdentity(world.Secrets);
        app = builder.Build();
        app.MapGrainKube();
        await app.StartAsync();
        app.Services.GetRequiredService<StartProgress>().Complete();
        address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task A_master_with_a_certificate_may_list_everything()
    {
        using var client = Client(world.Secrets.Authority.IssueClient("kubernetes-admin", ["system:masters"], TimeSpan.FromDays(1)));
        var namespaces = JsonNode.Parse(await client.GetStringAsync("/api/v1/namespaces"))!["items"]!.AsArray();
        Assert.Contains("kube-system", namespaces.Select(n => (string)n!["metadata"]!["name"]!));
    }

    [Fact]
    public async Task Nobody_sees_health_and_nothing_else()
    {
        using var client = Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/livez")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/version")).StatusCode);
        var refused = await client.GetAsync("/api/v1/pods");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(
            "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\" at the cluster scope",
            (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["message"]);
    }

    [Fact]
    public async Task A_wrong_token_is_401_and_not_anonymous()
    {
        using var client = Client(token: "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/livez")).StatusCode);
    }

    [Fact]
    public async Task A_stranger_with_a_certificate_of_another_authority_is_401()
    {
        using var key = CertificateAuthority.LoadKey(CertificateAuthority.NewKey());
        using var other = new CertificateAuthority(CertificateAuthority.SelfSign(key, TimeProvider.System), key, TimeProvider.System);
        using var client = Client(other.IssueClient("kubernetes-admin", ["system:masters"], TimeSpan.FromDays(1)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/livez")).StatusCode);
    }

    [Fact]
    public async Task A_requested_token_is_its_account_until_the_account_is_deleted()
    {
        var server = world.As(UserInfo.Server);
        var account = await server.CreateAsync(
            JsonNode.Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot","namespace":"default"}}""")!.AsObject(), CancellationToken.None);
        using var admin = Client(world.Secrets.Authority.IssueClient("kubernetes-admin", ["system:masters"], TimeSpan.FromDays(1)));
        var made = await PostAsync(admin, "/api/v1/namespaces/default/serviceaccounts/robot/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""");

        using var robot = Client(token: (string)made["status"]!["token"]!);
        var whoami = await PostAsync(robot, "/apis/authentication.k8s.io/v1/selfsubjectreviews", """{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}""");
        Assert.Equal("system:serviceaccount:default:robot", (string?)whoami["status"]!["userInfo"]!["username"]);
        Assert.Equal(HttpStatusCode.OK, (await robot.GetAsync("/openid/v1/jwks")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await robot.GetAsync("/.well-known/openid-configuration/")).StatusCode); // as OpenAPI has it
        Assert.Equal(HttpStatusCode.Forbidden, (await robot.GetAsync("/api/v1/namespaces/default/pods")).StatusCode);

        await server.DeleteAsync(account.Key, null, CancellationToken.None);
        await server.Cache.WaitUntilCurrentAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.Unauthorized, (await robot.GetAsync("/openid/v1/jwks")).StatusCode);
    }

    [Fact]
    public async Task An_administrator_may_act_as_another()
    {
        using var admin = Client(world.Secrets.Authority.IssueClient("kubernetes-admin", ["system:masters"], TimeSpan.FromDays(1)));
        admin.DefaultRequestHeaders.Add("Impersonate-User", "alice");
        var refused = await admin.GetAsync("/api/v1/nodes");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("User \\\"alice\\\" cannot list resource \\\"nodes\\\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string body)
    {
        var answer = await client.PostAsync(path, new StringContent(body, MediaTypeHeaderValue.Parse("application/json")));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    private HttpClient Client(IssuedCertificate? identity = null, string? token = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(world.Secrets.Authority.CertificatePem));
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => identity?.Certificate!;
        var client = new HttpClient(handler) { BaseAddress = address };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }
}

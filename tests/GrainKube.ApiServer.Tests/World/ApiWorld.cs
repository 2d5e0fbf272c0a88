using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.CustomResources;
using GrainKube.ApiServer.Health;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Embedded;
using GrainKube.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using Xunit;

namespace GrainKube.ApiServer.Tests.World;

/// <summary>A gateway on loopback before a silo in this process with an ephemeral store and the built-in kinds. Tests take a namespace each.</summary>
public sealed class ApiWorld : IAsyncLifetime
{
    private InProcessTestCluster cluster = null!;
    private WebApplication app = null!;
    private int namespaces;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    internal SimulatedKubelet.Script Kubelet { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(new ResourceRegistry(BuiltInResources.All));
            silo.Services.AddEmbeddedStore(options => options.Ephemeral = true);
            silo.Services.AddSingleton(Kubelet);
            silo.Services.AddCustomResources();
            silo.AddObjects();
        });
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Warning));
        cluster = builder.Build();
        await cluster.DeployAsync();
        await cluster.Silos[0].ServiceProvider.GetRequiredService<CustomResourceFeed>().StartAsync(CancellationToken.None);
        app = BuildGateway(cluster.Silos[0].ServiceProvider);
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
        await CreateAsync("/api/v1/namespaces", """{"metadata":{"name":"default"}}""");
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
    }

    /// <summary>A service of the gateway.</summary>
    internal T Gateway<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A namespace that no other test uses.</summary>
    public async Task<string> NamespaceAsync()
    {
        var name = $"test-{Interlocked.Increment(ref namespaces)}";
        await CreateAsync("/api/v1/namespaces", $$"""{"metadata":{"name":"{{name}}"} }""");
        return name;
    }

    public Task<JsonObject> CreateConfigMapAsync(string ns, string name, string labels = "{}") =>
        CreateAsync($"/api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"{{name}}","labels":{{labels}} } }""");

    public async Task<JsonObject> CreateAsync(string path, string json)
    {
        var (code, answer) = await SendAsync("POST", path, json);
        Assert.True(code == 201, answer.ToJsonString());
        return answer;
    }

    public async Task<JsonObject> GetAsync(string path, string? accept = null)
    {
        var (code, answer) = await SendAsync("GET", path, accept: accept);
        Assert.True(code == 200, answer.ToJsonString());
        return answer;
    }

    public async Task<(int Code, JsonObject Answer)> SendAsync(string method, string path, string? body = null, string type = "application/json", string? accept = null)
    {
        using var answer = await SendRawAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), type, accept);
        return ((int)answer.StatusCode, (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public async Task<HttpResponseMessage> SendRawAsync(string method, string path, byte[]? body = null, string? type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Creates a CustomResourceDefinition and accepts its names, as the controller would, and waits until its kind is served.</summary>
    public async Task<JsonObject> DefineAsync(JsonObject crd)
    {
        const string path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        var made = await CreateAsync(path, crd.ToJsonString());
        var accepted = new JsonObject { ["status"] = new JsonObject { ["acceptedNames"] = made["spec"]!["names"]!.DeepClone(), ["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "Established", ["status"] = "True", ["reason"] = "InitialNamesAccepted", ["message"] = "", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        }) } };
        var (code, answer) = await SendAsync("PATCH", $"{path}/{(string)made["metadata"]!["name"]!}/status", accepted.ToJsonString(), "application/merge-patch+json");
        Assert.True(code == 200, answer.ToJsonString());
        var served = made["spec"]!["versions"]!.AsArray().First(v => (bool)v!["served"]!)!;
        await ServedAsync($"/apis/{made["spec"]!["group"]}/{served["name"]}/{made["spec"]!["names"]!["plural"]}");
        return answer;
    }

    /// <summary>Waits until a path of a custom resource is served.</summary>
    public async Task ServedAsync(string path, bool served = true)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await SendRawAsync("GET", path);
            if (answer.IsSuccessStatusCode == served)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Opens a watch; dispose it to leave.</summary>
    public async Task<WatchReader> WatchAsync(string path, string? accept = null)
    {
        var answer = await SendRawAsync("GET", path, accept: accept);
        Assert.Equal(200, (int)answer.StatusCode);
        return new WatchReader(answer, await answer.Content.ReadAsStreamAsync());
    }

    private static WebApplication BuildGateway(IServiceProvider silo)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddSingleton(silo.GetRequiredService<ResourceRegistry>());
        builder.Services.AddSingleton<WatchCache>(_ => silo.GetRequiredService<WatchCache>());
        builder.Services.AddSingleton(silo.GetRequiredService<IGrainFactory>());
        builder.Services.AddSingleton<IAuthenticator, NamedByHeader>();
        builder.Services.AddSingleton<IAuthorizer, AllButNobody>();
        builder.Services.AddApiServer(options => options.FreshnessTimeout = TimeSpan.FromSeconds(2));
        var app = builder.Build();
        app.Services.GetRequiredService<StartProgress>().Complete();
        app.MapGrainKube();
        return app;
    }

    private sealed class NamedByHeader : IAuthenticator
    {
        public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context) => new(context.Request.Headers["X-User"].ToString() switch
        {
            "unknown" => null,
            "" => new UserInfo { Name = "admin", Groups = ["system:masters", "system:authenticated"] },
            var name => new UserInfo { Name = name, Groups = ["system:authenticated"] },
        });
    }

    private sealed class AllButNobody : IAuthorizer
    {
        public ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel) => new(new AuthorizationDecision(user.Name != "nobody"));
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.ApiServices;

/// <summary>A whole cluster, and its gateway as an administrator reaches it.</summary>
public sealed class AggregationWorld : IAsyncLifetime
{
    public const string Root = "/apis/apiregistration.k8s.io/v1/apiservices";

    public GrainKubeCluster Cluster { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await GrainKubeCluster.StartAsync();
        Client = new HttpClient(Handler()) { BaseAddress = Cluster.Host.Address };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Cluster.DisposeAsync();
    }

    /// <summary>Connections as an administrator, or with another certificate.</summary>
    public HttpClientHandler Handler(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate = null)
    {
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true, AllowAutoRedirect = false };
        handler.ClientCertificates.Add(certificate ?? Cluster.Host.Authority.IssueClient("admin", ["system:masters"], TimeSpan.FromHours(1)).Certificate);
        return handler;
    }

    public async Task<(int Code, JsonNode? Json, string Text)> SendAsync(string method, string path, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null, text);
    }

    /// <summary>Registers an extension server by a service that leads to this machine's loopback, and waits until it is available.</summary>
    internal async Task<ExtensionServer> RegisterAsync(string group, bool old = false, int groupPriority = 2000)
    {
        var map = (await Cluster.EventuallyAsync<V1ConfigMap>(o => o.Key.Name == "extension-apiserver-authentication", maps => maps.Count == 1))[0].As<V1ConfigMap>();
        var service = $"api-{group.Split('.')[0]}";
        var server = await ExtensionServer.StartAsync(group, $"{service}.default.svc", map.Data["requestheader-client-ca-file"], old);
        await Cluster.ApplyAsync(Sample.Parse($$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{service}}","namespace":"default"},"spec":{"type":"ExternalName","externalName":"localhost"} }"""));
        await Cluster.ApplyAsync(Sample.Parse($$"""
            {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v1alpha1.{{group}}"},"spec":{"group":"{{group}}","version":"v1alpha1","groupPriorityMinimum":{{groupPriority}},
             "versionPriority":200,"caBundle":"{{server.Bundle}}","service":{"name":"{{service}}","namespace":"default","port":{{server.Port}} } } }
            """));
        await ConditionAsync($"v1alpha1.{group}", "True", "Passed");
        return server;
    }

    /// <summary>Waits until an APIService is available, or is not for that reason.</summary>
    public async Task<V1APIService> ConditionAsync(string name, string status, string reason)
    {
        var found = await Cluster.EventuallyAsync<V1APIService>(
            o => o.Key.Name == name,
            items => items.Count == 1 && items[0].As<V1APIService>().Status?.Conditions?.Any(c => c.Type == "Available" && c.Status == status && c.Reason == reason) == true);
        return found[0].As<V1APIService>();
    }

    public Task DeleteAsync(string name) => Cluster.Objects.DeleteAsync(new ObjectKey("apiregistration.k8s.io", "apiservices", "", name), null, CancellationToken.None);
}

using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using GrainKube.Security.Pki;
using GrainKube.Testing.Clusters;

namespace GrainKube.Controllers.Tests.Wire;

/// <summary>A client over HTTPS, who is known by a certificate, by a token or not at all.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly HttpClient http;

    private WireClient(GrainKubeCluster cluster, IssuedCertificate? identity, string? token)
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        if (identity is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Certificate;
        }

        http = new HttpClient(handler) { BaseAddress = cluster.Host.Address };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public HttpRequestHeaders Headers => http.DefaultRequestHeaders;

    public static WireClient Admin(GrainKubeCluster cluster) => As(cluster, "admin", "system:masters");

    public static WireClient As(GrainKubeCluster cluster, string user, params string[] groups) =>
        new(cluster, cluster.Service<CertificateAuthority>().IssueClient(user, groups, TimeSpan.FromHours(1)), null);

    public static WireClient WithToken(GrainKubeCluster cluster, string token) => new(cluster, null, token);

    public static WireClient Nobody(GrainKubeCluster cluster) => new(cluster, null, null);

    public Task<WireAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, "");

    public Task<WireAnswer> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json, "application/json");

    public Task<WireAnswer> MergeAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, json, "application/merge-patch+json");

    public Task<WireAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, "");

    public void Dispose() => http.Dispose();

    private async Task<WireAnswer> SendAsync(HttpMethod method, string path, string? json, string type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, MediaTypeHeaderValue.Parse(type)) };
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var warnings = answer.Headers.TryGetValues("Warning", out var all) ? all.Select(w => w["299 - \"".Length..^1].Replace("\\\"", "\"", StringComparison.Ordinal)) : [];
        return new WireAnswer((int)answer.StatusCode, body.StartsWith('{') ? JsonNode.Parse(body)!.AsObject() : [], [.. warnings]);
    }
}

/// <summary>What came back.</summary>
internal sealed record WireAnswer(int Code, JsonObject Body, IReadOnlyList<string> Warnings)
{
    public string Message => (string?)Body["message"] ?? "";

    public string? Text(params string[] path) => (string?)path.Aggregate((JsonNode?)Body, (node, part) => node?[part]);
}

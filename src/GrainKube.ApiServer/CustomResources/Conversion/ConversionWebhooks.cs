using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.ApiServer.CustomResources.Conversion;

/// <summary>Calls conversion webhooks by URL or by Service, trusting the bundle that their definition gives.</summary>
/// <remarks>Calls block: they happen in the middle of reading an object, rarely, and their outcome is kept with the object.</remarks>
internal sealed class ConversionWebhooks(WatchCache cache) : IDisposable
{
    /// <summary>A whole list may come back.</summary>
    private const int LargestAnswer = 512 << 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly GroupResource Services = new("", "services");
    private readonly ConcurrentDictionary<(string Bundle, string Host), HttpClient> clients = new();

    /// <param name="subject">What is converted, for messages.</param>
    /// <param name="config"><c>clientConfig</c>.</param>
    /// <param name="review">What to ask.</param>
    /// <exception cref="ApiException">500: it cannot be reached or answers no JSON object.</exception>
    public JsonObject Call(string subject, JsonObject config, JsonObject review)
    {
        try
        {
            var (address, host) = Address(config);
            var client = clients.GetOrAdd(((string?)config["caBundle"] ?? "", host), key => Make(key.Bundle, key.Host));
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            request.Headers.Host = host;
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(review));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = client.Send(request, HttpCompletionOption.ResponseContentRead);
            using var stream = answer.Content.ReadAsStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var text = reader.ReadToEnd();
            return answer.IsSuccessStatusCode
                ? JsonNode.Parse(text) as JsonObject ?? throw new JsonException("no object")
                : throw new HttpRequestException($"the server answered {(int)answer.StatusCode}: {text}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or JsonException or UriFormatException or FormatException)
        {
            throw new ApiException(new Status { Code = 500, Reason = "InternalError", Message = $"conversion webhook for {subject} failed: {failure.GetBaseException().Message}" });
        }
    }

    public void Dispose()
    {
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>Where to send, and the name that its certificate must have.</summary>
    private (Uri Address, string Host) Address(JsonObject config)
    {
        if ((string?)config["url"] is { Length: > 0 } url)
        {
            var address = new Uri(url);
            return (address, address.Authority);
        }

        var service = (JsonObject)config["service"]!;
        var (ns, name, path) = ((string?)service["namespace"] ?? "", (string?)service["name"] ?? "", ((string?)service["path"] ?? "").TrimStart('/'));
        var port = service["port"] is JsonValue number ? (int)number : 443;
        var found = cache.Get(new ObjectKey(Services.Group, Services.Resource, ns, name))?.As<V1Service>()
            ?? throw new HttpRequestException($"service \"{name}\" not found");
        var ip = found.Spec.ClusterIP is { Length: > 0 } given && given != "None" ? given : throw new HttpRequestException($"service \"{name}\" has no cluster address");
        return (new Uri($"https://{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{port}/{path}"), $"{name}.{ns}.svc:{port}");
    }

    private static HttpClient Make(string bundle, string host)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        handler.SslOptions.TargetHost = host.Split(':')[0];
        if (bundle.Length > 0)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPem(Encoding.UTF8.GetString(System.Convert.FromBase64String(bundle)));
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        handler.SslOptions.EncryptionPolicy = EncryptionPolicy.RequireEncryption;
        return new HttpClient(handler) { Timeout = Timeout, MaxResponseContentBufferSize = LargestAnswer };
    }
}

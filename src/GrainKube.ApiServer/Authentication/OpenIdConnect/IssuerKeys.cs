using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>The keys of an issuer, fetched when a token first needs them and again when one names a key that is new.</summary>
internal sealed class IssuerKeys(JwtIssuer issuer, HttpMessageHandler handler, TimeProvider time) : IDisposable
{
    private const int LargestDocument = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whoever invents key names must not make us ask the issuer at each request.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private readonly HttpClient client = new(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestDocument };
    private readonly SemaphoreSlim fetching = new(1);
    private IReadOnlyList<JwtKey> keys = [];
    private DateTimeOffset? fetched;

    /// <summary>A handler that trusts whom the issuer's options name.</summary>
    public static HttpMessageHandler HandlerFor(JwtIssuer issuer)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (issuer.CertificateAuthority.Length > 0)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPem(issuer.CertificateAuthority);
        }

        return handler;
    }

    /// <summary>The keys that may have signed a token which names that key; all where it names none.</summary>
    /// <exception cref="HttpRequestException">The issuer cannot be asked, or says nonsense.</exception>
    public async ValueTask<IReadOnlyList<JwtKey>> FindAsync(string keyId, CancellationToken cancel)
    {
        var found = Named(keyId);
        if (found.Count > 0 || (fetched is { } last && time.GetUtcNow() < last + Pause))
        {
            return found;
        }

        await fetching.WaitAsync(cancel);
        try
        {
            if (fetched is not { } before || time.GetUtcNow() >= before + Pause)
            {
                keys = await FetchAsync(cancel);
                fetched = time.GetUtcNow();
            }
        }
        finally
        {
            fetching.Release();
        }

        return Named(keyId);
    }

    public void Dispose()
    {
        client.Dispose();
        fetching.Dispose();
    }

    private IReadOnlyList<JwtKey> Named(string keyId) => keyId.Length == 0 ? keys : [.. keys.Where(k => k.Id == keyId)];

    private async Task<IReadOnlyList<JwtKey>> FetchAsync(CancellationToken cancel)
    {
        var discovery = await DocumentAsync(issuer.DiscoveryUrl.Length > 0 ? issuer.DiscoveryUrl : issuer.Url.TrimEnd('/') + "/.well-known/openid-configuration", cancel);
        if ((string?)discovery["issuer"] != issuer.Url)
        {
            throw new HttpRequestException($"oidc: issuer did not match the issuer returned by provider, expected \"{issuer.Url}\" got \"{(string?)discovery["issuer"]}\"");
        }

        return JwtKey.Read(await DocumentAsync((string?)discovery["jwks_uri"] ?? "", cancel));
    }

    private async Task<JsonObject> DocumentAsync(string url, CancellationToken cancel)
    {
        try
        {
            return JsonNode.Parse(await client.GetByteArrayAsync(url, cancel)) as JsonObject ?? throw new HttpRequestException($"{url} is no JSON object");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new HttpRequestException($"{url}: {wrong.Message}", wrong);
        }
        catch (TaskCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"{url} does not answer", late);
        }
    }
}

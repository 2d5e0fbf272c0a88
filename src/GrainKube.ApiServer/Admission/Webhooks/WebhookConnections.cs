using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.ApiServer.Proxying;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Posts reviews to webhooks over kept connections, one set for each target.</summary>
internal sealed class WebhookConnections(ServiceConnector services, TimeProvider time) : IDisposable
{
    private const int LargestAnswer = 16 << 20;

    /// <summary>Targets that nobody has named for long are forgotten when there are more than these.</summary>
    private const int MostTargets = 256;

    /// <summary>A service's endpoints come and go: a connection is not used for longer.</summary>
    private static readonly TimeSpan ConnectionAge = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<WebhookTarget, HttpClient> clients = new();

    /// <exception cref="WebhookFailure">No answer, or one that is not 200.</exception>
    public async Task<byte[]> PostAsync(Webhook webhook, byte[] review, CancellationToken cancel)
    {
        var url = webhook.Target.WithTimeout(webhook.Timeout);
        using var patience = new CancellationTokenSource(webhook.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(review) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await ClientOf(webhook.Target).SendAsync(request, either.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(either.Token);
            return answer.IsSuccessStatusCode ? body : throw new WebhookFailure($"failed to call webhook: {Words(answer.StatusCode, body)}");
        }
        catch (OperationCanceledException late) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new WebhookFailure($"failed to call webhook: Post \"{url}\": context deadline exceeded", late);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new WebhookFailure($"failed to call webhook: Post \"{url}\": {ConnectionFailures.Words(broken)}", broken);
        }
    }

    public void Dispose()
    {
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }
    }

    private HttpClient ClientOf(WebhookTarget target)
    {
        if (clients.Count > MostTargets)
        {
            clients.Clear(); // their idle connections close by themselves
        }

        return clients.GetOrAdd(target, Make);
    }

    private HttpClient Make(WebhookTarget target)
    {
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = ConnectionAge,
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(target.CaBundle) },
        };
        if (target.Service is { } service)
        {
            handler.ConnectCallback = (_, cancel) => services.ConnectAsync(service, cancel);
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <summary>Only what the bundle names is believed, where there is one.</summary>
    private static X509ChainPolicy? Trust(string bundle)
    {
        if (bundle.Length == 0)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(bundle);
        }
        catch (CryptographicException malformed)
        {
            throw new WebhookFailure($"failed to call webhook: unable to load root certificates: {malformed.Message}", malformed);
        }

        return policy;
    }

    private static string Words(HttpStatusCode code, byte[] body) => code switch
    {
        HttpStatusCode.NotFound => "the server could not find the requested resource",
        HttpStatusCode.Unauthorized => "Unauthorized",
        HttpStatusCode.Forbidden => "forbidden",
        HttpStatusCode.ServiceUnavailable => "the server is currently unable to handle the request",
        HttpStatusCode.GatewayTimeout => "the server was unable to return a response in the time allotted, but may still be processing the request",
        >= HttpStatusCode.InternalServerError => $"an error on the server (\"{Beginning(body)}\") has prevented the request from succeeding",
        _ => $"the server responded with the status code {(int)code} but did not return more information",
    };

    private static string Beginning(byte[] body) =>
        body.Length == 0 ? "unknown" : Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 2048))).Trim().Replace("\"", "\\\"", StringComparison.Ordinal);
}

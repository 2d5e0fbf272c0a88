using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiServer.Admission.Webhooks;
using GrainKube.Security.Pki;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>Kept connections to the servers of other APIs. This server shows them the certificate of the front proxy, where it has one.</summary>
internal sealed class ExtensionConnections(ServiceConnector services, TimeProvider time, FrontProxy? proxy = null) : IDisposable
{
    private const int MostTargets = 256;
    private const int LargestAnswer = 32 << 20;

    /// <summary>A service's endpoints come and go: a connection is not used for longer.</summary>
    private static readonly TimeSpan ConnectionAge = TimeSpan.FromMinutes(1);

    /// <summary>What this server asks for itself must be answered within this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<ExtensionTarget, HttpMessageInvoker> connections = new();

    /// <summary>Sends a request as it is; the answer's body is read by whoever asked.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, or is not who it should be.</exception>
    /// <exception cref="CryptographicException">The bundle that it is to be checked by is none.</exception>
    public Task<HttpResponseMessage> SendAsync(ExtensionTarget target, HttpRequestMessage request, CancellationToken cancel)
    {
        if (connections.Count > MostTargets)
        {
            connections.Clear(); // their idle connections close by themselves
        }

        return connections.GetOrAdd(target, Make).SendAsync(request, cancel);
    }

    /// <summary>Asks for a document of this server's own accord, as a superuser.</summary>
    /// <exception cref="HttpRequestException">No answer within five seconds.</exception>
    /// <exception cref="CryptographicException">The bundle is none.</exception>
    public Task<ExtensionAnswer> GetAsync(ExtensionTarget target, string path, string accept, CancellationToken cancel) => AskAsync(HttpMethod.Get, target, path, accept, cancel);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<ExtensionAnswer> AskAsync(
        HttpMethod method, ExtensionTarget target, string path, string accept, CancellationToken cancel, JsonObject? body = null, string contentType = "application/json")
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        using var request = new HttpRequestMessage(method, target.Origin + path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, contentType);
        }

        RemoteUser.Set(request, RemoteUser.Aggregator);
        try
        {
            using var answer = await SendAsync(target, request, either.Token);
            await answer.Content.LoadIntoBufferAsync(LargestAnswer, either.Token);
            return new ExtensionAnswer(answer.StatusCode, answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : "", await answer.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new HttpRequestException("context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
    }

    public void Dispose()
    {
        foreach (var connection in connections.Values)
        {
            connection.Dispose();
        }
    }

    private HttpMessageInvoker Make(ExtensionTarget target)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (target.SkipsVerification)
        {
            ssl.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else if (target.CaBundle.Length > 0)
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            ssl.CertificateChainPolicy.CustomTrustStore.ImportFromPem(target.CaBundle);
        }

        if (proxy is not null)
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) => proxy.ClientCertificate;
        }

        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            PooledConnectionLifetime = ConnectionAge,
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            SslOptions = ssl,
            PlaintextStreamFilter = static (context, _) => ValueTask.FromResult<Stream>(new RepeatedHeaderStream(context.PlaintextStream)),
            ConnectCallback = (_, cancel) => services.ConnectAsync(target.Service, cancel),
        });
    }
}

/// <summary>A whole answer.</summary>
internal sealed record ExtensionAnswer(HttpStatusCode Code, string ContentType, byte[] Body);

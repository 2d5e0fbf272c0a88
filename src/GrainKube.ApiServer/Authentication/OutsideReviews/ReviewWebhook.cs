using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace GrainKube.ApiServer.Authentication.OutsideReviews;

/// <summary>A service outside that answers a review that is posted to it. A kubeconfig says where it is, and who we are to it.</summary>
public sealed class ReviewWebhook : IDisposable
{
    private const int Attempts = 5;
    private const int LargestAnswer = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private const double Growth = 1.5;
    private readonly HttpClient client;
    private readonly Uri address;

    /// <param name="handler">Carries the requests; owned from now on.</param>
    /// <param name="address">Where reviews are posted to.</param>
    /// <param name="version">Version of the review's group: <c>v1</c> or <c>v1beta1</c>.</param>
    /// <param name="authorization">The <c>Authorization</c> header, or null.</param>
    public ReviewWebhook(HttpMessageHandler handler, Uri address, string version, AuthenticationHeaderValue? authorization = null)
    {
        (this.address, Version) = (address, version);
        client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
        client.DefaultRequestHeaders.Authorization = authorization;
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public string Version { get; }

    /// <summary>Reads a kubeconfig: the server, authority and credentials of its current context.</summary>
    /// <exception cref="FormatException">The file is no such thing.</exception>
    public static ReviewWebhook Load(string path, string version)
    {
        KubernetesClientConfiguration config;
        try
        {
            config = KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(path), useRelativePaths: true);
        }
        catch (Exception wrong) when (wrong is k8s.Exceptions.KubeConfigException or YamlDotNet.Core.YamlException or IOException or UriFormatException)
        {
            throw new FormatException($"{path}: {wrong.Message}", wrong);
        }

        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = Tls(config),
        };
        return new ReviewWebhook(handler, new Uri(config.Host), version, Credentials(config));
    }

    /// <summary>The review as the service filled it in.</summary>
    /// <exception cref="HttpRequestException">It did not answer, or not with a review; tried several times where another try may help.</exception>
    public async Task<JsonObject> PostAsync(JsonObject review, TimeProvider time, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(review);
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await client.PostAsync(address, content, cancel);
                answer.EnsureSuccessStatusCode();
                return JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync(cancel)) as JsonObject ?? throw new HttpRequestException("the answer is no review");
            }
            catch (HttpRequestException passing) when (attempt < Attempts && passing.StatusCode is null or >= System.Net.HttpStatusCode.InternalServerError or System.Net.HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(pause, time, cancel);
                pause *= Growth;
            }
            catch (JsonException wrong)
            {
                throw new HttpRequestException("the answer is no review", wrong);
            }
        }
    }

    public void Dispose() => client.Dispose();

    private static SslClientAuthenticationOptions Tls(KubernetesClientConfiguration config)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = string.IsNullOrEmpty(config.TlsServerName) ? null : config.TlsServerName };
        if (config.SkipTlsVerify)
        {
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (config.SslCaCerts is { Count: > 0 } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (!string.IsNullOrEmpty(config.ClientCertificateData) && !string.IsNullOrEmpty(config.ClientCertificateKeyData))
        {
            var certificate = X509Certificate2.CreateFromPem(Pem(config.ClientCertificateData), Pem(config.ClientCertificateKeyData));
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }
        else if (!string.IsNullOrEmpty(config.ClientCertificateFilePath))
        {
            var certificate = X509Certificate2.CreateFromPemFile(config.ClientCertificateFilePath, config.ClientKeyFilePath);
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return tls;
    }

    private static string Pem(string encoded) => Encoding.UTF8.GetString(Convert.FromBase64String(encoded));

    private static AuthenticationHeaderValue? Credentials(KubernetesClientConfiguration config) =>
        !string.IsNullOrEmpty(config.AccessToken) ? new AuthenticationHeaderValue("Bearer", config.AccessToken)
        : !string.IsNullOrEmpty(config.Username) ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{config.Username}:{config.Password}")))
        : null;
}

using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;

namespace GrainKube.ApiServer.Audit;

/// <summary>Connections as a kubeconfig wants them: whom to believe and what to show.</summary>
internal static class WebhookHandler
{
    /// <exception cref="IOException">A file that the kubeconfig names cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">What it holds is no certificate, or no key.</exception>
    public static SocketsHttpHandler For(KubernetesClientConfiguration config)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (config.SkipTlsVerify)
        {
            ssl.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }
        else if (config.SslCaCerts is { Count: > 0 } authorities)
        {
            ssl.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            ssl.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (Own(config) is { } own)
        {
            ssl.ClientCertificates = [own];
        }

        return new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = ssl, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
    }

    private static X509Certificate2? Own(KubernetesClientConfiguration config)
    {
        var certificate = Text(config.ClientCertificateData, config.ClientCertificateFilePath);
        var key = Text(config.ClientCertificateKeyData, config.ClientKeyFilePath);
        if (certificate is null || key is null)
        {
            return null;
        }

        // A key that lives in memory alone is not used for TLS everywhere.
        using var made = X509Certificate2.CreateFromPem(certificate, key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static string? Text(string? data, string? file) =>
        !string.IsNullOrEmpty(data) ? Encoding.UTF8.GetString(Convert.FromBase64String(data)) : !string.IsNullOrEmpty(file) ? File.ReadAllText(file) : null;
}

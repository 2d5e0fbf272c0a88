using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>An HTTP client with the certificate of a kubeconfig.</summary>
internal static class AdminClient
{
    public static HttpClient For(string kubeconfig, Uri address) => new(HandlerFor(kubeconfig)) { BaseAddress = address, Timeout = Eventually.Bound };

    public static HttpClientHandler HandlerFor(string kubeconfig)
    {
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        handler.ClientCertificates.Add(CertificateOf(kubeconfig));
        return handler;
    }

    /// <summary>The client certificate with its key.</summary>
    public static X509Certificate2 CertificateOf(string kubeconfig)
    {
        var text = File.ReadAllText(kubeconfig);
        return X509Certificate2.CreateFromPem(Data(text, "client-certificate-data"), Data(text, "client-key-data"));
    }

    private static string Data(string kubeconfig, string field)
    {
        var line = kubeconfig.Split('\n').Single(candidate => candidate.TrimStart().StartsWith(field + ":", StringComparison.Ordinal));
        return Encoding.ASCII.GetString(Convert.FromBase64String(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Trim('"')));
    }
}

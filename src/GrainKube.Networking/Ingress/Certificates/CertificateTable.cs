using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.Networking.Ingress.Routing;
using k8s.Models;

namespace GrainKube.Networking.Ingress.Certificates;

/// <summary>Which certificate a client is shown, by the name it asks for.</summary>
internal sealed class CertificateTable
{
    public static readonly CertificateTable Empty = new();
    private readonly Dictionary<string, SslStreamCertificateContext> byHost = [];
    private SslStreamCertificateContext? forAll;

    /// <param name="ingresses">All there are.</param>
    /// <param name="world">What they refer to.</param>
    /// <param name="read">Reads a certificate from a Secret, or gives null where it holds none; may remember.</param>
    public static CertificateTable Build(IEnumerable<V1Ingress> ingresses, IIngressWorld world, Func<V1Secret, SslStreamCertificateContext?> read)
    {
        var table = new CertificateTable();
        foreach (var item in RouteTable.InOrder(ingresses).Where(i => IngressRules.IsOurs(i, world)))
        {
            foreach (var tls in item.Spec?.Tls ?? [])
            {
                if (string.IsNullOrEmpty(tls.SecretName) || world.Secret(item.Metadata.NamespaceProperty, tls.SecretName) is not { } secret || read(secret) is not { } certificate)
                {
                    continue;
                }

                if (tls.Hosts is not { Count: > 0 })
                {
                    table.forAll ??= certificate;
                }

                foreach (var host in tls.Hosts ?? [])
                {
                    table.byHost.TryAdd(host.ToLowerInvariant(), certificate);
                }
            }
        }

        return table;
    }

    /// <summary>The certificate for a name; null where none was given for it.</summary>
    public SslStreamCertificateContext? Find(string host)
    {
        host = host.ToLowerInvariant();
        var dot = host.IndexOf('.');
        return byHost.GetValueOrDefault(host) ?? (dot > 0 ? byHost.GetValueOrDefault("*" + host[dot..]) : null) ?? forAll;
    }

    /// <summary>Reads <c>tls.crt</c> and <c>tls.key</c>.</summary>
    /// <exception cref="CryptographicException">They are no certificate and its key.</exception>
    public static SslStreamCertificateContext? Read(V1Secret secret)
    {
        if (secret.Data is null || !secret.Data.TryGetValue("tls.crt", out var certificate) || !secret.Data.TryGetValue("tls.key", out var key))
        {
            return null;
        }

        var pem = Encoding.UTF8.GetString(certificate);
        var leaf = X509Certificate2.CreateFromPem(pem, Encoding.UTF8.GetString(key));
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    /// <summary>A certificate that nobody trusts, for names that nobody gave one for.</summary>
    public static SslStreamCertificateContext SelfSigned(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=GrainKube Ingress Default Certificate, O=GrainKube", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("ingress.local");
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        return SslStreamCertificateContext.Create(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1)), null, offline: true);
    }
}

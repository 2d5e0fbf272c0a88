using System.Security.Cryptography.X509Certificates;

namespace GrainKube.Security.Pki;

/// <summary>A leaf certificate with its private key.</summary>
/// <param name="Certificate">With the private key, ready for TLS.</param>
/// <param name="IssuedAt">When it was made.</param>
/// <param name="Expires">When it ends.</param>
public sealed record IssuedCertificate(X509Certificate2 Certificate, DateTimeOffset IssuedAt, DateTimeOffset Expires)
{
    /// <summary>Two thirds of its life: the time to make the next one.</summary>
    public DateTimeOffset RenewAt => IssuedAt + ((Expires - IssuedAt) * 2 / 3);

    public string CertificatePem => Certificate.ExportCertificatePem() + "\n";

    public string KeyPem
    {
        get
        {
            using var key = Certificate.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem() + "\n";
        }
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.Resources.Certificates;
using Xunit;

namespace GrainKube.Resources.Tests.Core.Secrets;

public sealed class KeyPairWarningsTests
{
    [Fact]
    public void A_key_that_belongs_to_its_certificate_is_fine_whatever_its_algorithm()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var (edwards, signer) = Ed25519.NewKey();
        var name = new X500DistinguishedName("CN=a");
        Assert.Empty(Warnings(Certificate(new CertificateRequest(name, curve, HashAlgorithmName.SHA256)), curve.ExportECPrivateKeyPem()));
        Assert.Empty(Warnings(Certificate(new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), rsa.ExportRSAPrivateKeyPem()));
        Assert.Empty(Warnings(Certificate(new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), rsa.ExportPkcs8PrivateKeyPem()));
        using var odd = new CertificateRequest(name, signer.PublicKey, HashAlgorithmName.SHA256).Create(name, signer, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), [1]);
        Assert.Empty(Warnings(odd.ExportCertificatePem(), edwards));
        Assert.Equal(["tls: private key type does not match public key type"], Warnings(odd.ExportCertificatePem(), rsa.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void A_pair_that_is_none_is_told_in_the_words_that_a_server_would_fail_with()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Certificate(new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256));
        Assert.Equal(["tls: private key does not match public key"], Warnings(certificate, other.ExportECPrivateKeyPem()));
        Assert.Equal(["tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"], Warnings(key.ExportECPrivateKeyPem(), certificate));
        Assert.Equal(["tls: found a certificate rather than a key in the PEM for the private key"], Warnings(certificate, certificate));
        Assert.Equal(["tls: failed to find any PEM data in key input"], Warnings(certificate, "x"));
        Assert.Equal(["tls: failed to parse private key"], Warnings(certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"));
    }

    private static string Certificate(CertificateRequest request)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    private static string[] Warnings(string certificate, string key) => Written.Warnings(
        "secrets",
        $$$"""{"metadata":{"name":"s"},"type":"kubernetes.io/tls","data":{"tls.crt":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(certificate))}}}","tls.key":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}}}"}}""");
}

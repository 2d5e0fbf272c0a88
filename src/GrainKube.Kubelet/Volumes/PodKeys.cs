using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GrainKube.Resources.Certificates;

namespace GrainKube.Kubelet.Volumes;

/// <summary>Keys of pods' certificates, made on the node; they never leave it but into the pod.</summary>
internal static class PodKeys
{
    /// <param name="type">As a projected volume names it.</param>
    /// <returns>The private key in PEM, and a signing request for it that says nothing of its own.</returns>
    /// <exception cref="VolumeException">This node makes no such keys.</exception>
    public static (string Key, byte[] Request) Make(string type) => type switch
    {
        "ECDSAP256" => Curve(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
        "ECDSAP384" => Curve(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        "ECDSAP521" => Curve(ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
        "ED25519" => Edwards(),
        "RSA3072" => Rsa(3072),
        "RSA4096" => Rsa(4096),
        _ => throw new VolumeException($"this node makes no keys of the type \"{type}\""),
    };

    private static (string, byte[]) Curve(ECCurve curve, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create(curve);
        return (key.ExportPkcs8PrivateKeyPem() + "\n", new CertificateRequest(new X500DistinguishedName(""), key, hash).CreateSigningRequest());
    }

    private static (string, byte[]) Edwards()
    {
        var (pem, signer) = Ed25519.NewKey();
        return (pem + "\n", new CertificateRequest(new X500DistinguishedName(""), signer.PublicKey, HashAlgorithmName.SHA512).CreateSigningRequest(signer));
    }

    private static (string, byte[]) Rsa(int bits)
    {
        using var key = RSA.Create(bits);
        return (key.ExportPkcs8PrivateKeyPem() + "\n",
            new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest());
    }
}

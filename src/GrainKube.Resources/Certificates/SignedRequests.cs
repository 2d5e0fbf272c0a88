using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GrainKube.Resources.Certificates;

/// <summary>Reads signing requests (PKCS#10) whose signature shows that who asks holds the key: RSA, elliptic curves, and Ed25519.</summary>
public static class SignedRequests
{
    /// <param name="request">In DER.</param>
    /// <param name="options">What else of it is wanted.</param>
    /// <exception cref="CryptographicException">It is none, or its signature is wrong.</exception>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static CertificateRequest Load(byte[] request, CertificateRequestLoadOptions options = CertificateRequestLoadOptions.Default)
    {
        var parts = new AsnReader(request, AsnEncodingRules.DER).ReadSequence();
        var (asked, algorithm) = (parts.ReadEncodedValue(), parts.ReadEncodedValue());
        if (!Ed25519.IsAlgorithm(algorithm))
        {
            return CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256, options, RSASignaturePadding.Pkcs1);
        }

        var loaded = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256, options | CertificateRequestLoadOptions.SkipSignatureValidation, RSASignaturePadding.Pkcs1);
        return Ed25519.Verify(loaded.PublicKey, asked.Span, parts.ReadBitString(out _))
            ? loaded
            : throw new CryptographicException("the signature of the request was not made with the key that it asks for");
    }
}

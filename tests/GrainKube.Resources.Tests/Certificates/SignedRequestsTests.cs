using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.Resources.Certificates;
using GrainKube.Resources.Certificates.CertificateSigningRequests;
using Xunit;

namespace GrainKube.Resources.Tests.Certificates;

public sealed class SignedRequestsTests
{
    /// <summary>Made by OpenSSL.</summary>
    private const string Request = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIGdMFECAQAwHjENMAsGA1UECgwEZGV2czENMAsGA1UEAwwEamFuZTAqMAUGAytl
        cAMhAOTBdRaVL23cCx48C3BQ6jUx7oOpxKpJGsfhXeoIoxx/oAAwBQYDK2VwA0EA
        /woB2jFkQ9yiYVTTZStvcBmFwRpWD99xGTmx6X26TvA/za73PAMisibJq/O7H8xs
        fw9pcEkorj7SJK4BPs3WAw==
        -----END CERTIFICATE REQUEST-----
        """;

    [Fact]
    public void A_request_of_another_program_for_an_ed25519_key_is_read_and_its_signature_checked()
    {
        var asked = SigningRequest.Parse(Encoding.ASCII.GetBytes(Request));
        Assert.Equal(("jane", "devs"), (asked.CommonName, Assert.Single(asked.Organizations)));
        Assert.True(Ed25519.Is(asked.Asked.PublicKey));
        var der = Der();
        der[^1] ^= 1;
        Assert.Throws<CryptographicException>(() => SignedRequests.Load(der));
        der = Der();
        der[Array.IndexOf(der, (byte)'j')] = (byte)'k';
        Assert.Throws<CryptographicException>(() => SignedRequests.Load(der));
    }

    [Fact]
    public void A_new_key_signs_requests_and_a_certificate_carries_it()
    {
        var (pem, signer) = Ed25519.NewKey();
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", pem, StringComparison.Ordinal);
        var request = new CertificateRequest(new X500DistinguishedName("CN=a"), signer.PublicKey, HashAlgorithmName.SHA512).CreateSigningRequest(signer);
        var read = SignedRequests.Load(request);
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = new CertificateRequest(new X500DistinguishedName("CN=a"), read.PublicKey, HashAlgorithmName.SHA256).Create(
            new X500DistinguishedName("CN=ca"), X509SignatureGenerator.CreateForECDsa(authority), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), [1]);
        Assert.Equal("302A300506032B6570032100", Convert.ToHexString(issued.PublicKey.ExportSubjectPublicKeyInfo())[..24]);
        Assert.Equal(signer.PublicKey.EncodedKeyValue.RawData, issued.PublicKey.EncodedKeyValue.RawData);
    }

    [Theory]
    [InlineData("256")]
    [InlineData("521")]
    public void Keys_of_other_kinds_are_read_as_before(string bits)
    {
        using var key = ECDsa.Create(bits == "256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP521);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.Equal("CN=a", SignedRequests.Load(request).SubjectName.Name);
        request[^1] ^= 1;
        Assert.Throws<CryptographicException>(() => SignedRequests.Load(request));
    }

    private static byte[] Der()
    {
        Assert.True(PemEncoding.TryFind(Request, out var fields));
        return Convert.FromBase64String(Request[fields.Base64Data]);
    }
}

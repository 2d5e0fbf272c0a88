using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Whom the PEM of a CertificateSigningRequest asks a certificate for.</summary>
internal sealed record SigningRequest(string CommonName, IReadOnlyList<string> Organizations)
{
    private const string CommonNameType = "2.5.4.3";
    private const string OrganizationType = "2.5.4.10";

    /// <param name="encoded">The field <c>spec.request</c>: base64 of PEM.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static SigningRequest Parse(string? encoded)
    {
        try
        {
            var pem = Encoding.ASCII.GetString(Convert.FromBase64String(encoded ?? ""));
            var asked = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
            (string Type, string Value)[] parts = [.. asked.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false).SelectMany(part => Attributes(part.RawData))];
            return new SigningRequest(parts.LastOrDefault(p => p.Type == CommonNameType).Value ?? "", [.. parts.Where(p => p.Type == OrganizationType).Select(p => p.Value)]);
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException or ArgumentException)
        {
            throw new FormatException(malformed.Message, malformed);
        }
    }

    /// <summary>A part of a name may hold several attributes at once; none may hide behind another.</summary>
    private static IEnumerable<(string Type, string Value)> Attributes(ReadOnlyMemory<byte> part)
    {
        var attributes = new AsnReader(part, AsnEncodingRules.DER).ReadSetOf();
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            if (type is CommonNameType or OrganizationType)
            {
                yield return (type, attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue));
            }
        }
    }
}

using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GrainKube.Resources.Certificates.CertificateSigningRequests;

/// <summary>What the PEM of a CertificateSigningRequest asks for.</summary>
public sealed class SigningRequest
{
    private const string CommonNameType = "2.5.4.3";
    private const string OrganizationType = "2.5.4.10";
    private const int Email = 1;
    private const int Dns = 2;
    private const int Uri = 6;
    private const int Address = 7;

    private SigningRequest(CertificateRequest asked)
    {
        Asked = asked;
        (string Type, string Value)[] parts = [.. asked.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false).SelectMany(part => Attributes(part.RawData))];
        CommonName = parts.LastOrDefault(p => p.Type == CommonNameType).Value ?? "";
        Organizations = [.. parts.Where(p => p.Type == OrganizationType).Select(p => p.Value)];
        AlternativeNames = asked.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        (int Kind, string Text)[] names = AlternativeNames is null ? [] : [.. Names(AlternativeNames.RawData)];
        DnsNames = [.. names.Where(n => n.Kind == Dns).Select(n => n.Text)];
        Addresses = [.. names.Where(n => n.Kind == Address).Select(n => n.Text)];
        Emails = [.. names.Where(n => n.Kind == Email).Select(n => n.Text)];
        Uris = [.. names.Where(n => n.Kind == Uri).Select(n => n.Text)];
    }

    /// <summary>The request itself, its signature checked: who asks holds the key.</summary>
    public CertificateRequest Asked { get; }
    public string CommonName { get; }
    public IReadOnlyList<string> Organizations { get; }

    /// <summary>The extension as it was asked for; null where there is none.</summary>
    public X509SubjectAlternativeNameExtension? AlternativeNames { get; }
    public IReadOnlyList<string> DnsNames { get; }
    public IReadOnlyList<string> Addresses { get; }
    public IReadOnlyList<string> Emails { get; }
    public IReadOnlyList<string> Uris { get; }

    /// <param name="encoded">The field <c>spec.request</c>: base64 of PEM.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static SigningRequest Parse(string? encoded) => Parse(Convert.FromBase64String(encoded ?? ""));

    /// <param name="pem">PEM in ASCII.</param>
    /// <exception cref="FormatException">It is none, or its signature is wrong.</exception>
    public static SigningRequest Parse(byte[] pem)
    {
        try
        {
            return new SigningRequest(SignedRequests.Load(Decoded(Encoding.ASCII.GetString(pem)), CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions));
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException or ArgumentException)
        {
            throw new FormatException(malformed.Message, malformed);
        }
    }

    /// <exception cref="CryptographicException">The first part of the text is no such request.</exception>
    private static byte[] Decoded(string pem) => PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == "CERTIFICATE REQUEST"
        ? Convert.FromBase64String(pem[fields.Base64Data])
        : throw new CryptographicException("PEM block type must be CERTIFICATE REQUEST");

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

    private static IEnumerable<(int Kind, string Text)> Names(byte[] extension)
    {
        var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            switch (tag.TagValue)
            {
                case Email or Dns or Uri:
                    yield return (tag.TagValue, names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    break;
                case Address:
                    yield return (Address, new IPAddress(names.ReadOctetString(tag)).ToString());
                    break;
                default:
                    names.ReadEncodedValue();
                    break;
            }
        }
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Nobody becomes a member of <c>system:masters</c>, whom no rule binds, by a certificate that the cluster signs.</summary>
internal sealed class CertificateSubjectRestriction : IValidatingAdmission
{
    private const string Signer = "kubernetes.io/kube-apiserver-client";
    private const string Masters = "system:masters";
    private const string Organization = "2.5.4.10";

    public string Name => "CertificateSubjectRestriction";

    public bool Handles(AdmissionRequest request) =>
        request.Creates("certificates.k8s.io", "certificatesigningrequests") && (string?)request.Object?["spec"]?["signerName"] == Signer;

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (Organizations(request).Contains(Masters))
        {
            throw request.Forbidden($"use of {Signer} signer with {Masters} group is not allowed");
        }

        return ValueTask.CompletedTask;
    }

    private static List<string> Organizations(AdmissionRequest request)
    {
        try
        {
            var pem = Encoding.ASCII.GetString(Convert.FromBase64String((string?)request.Object?["spec"]?["request"] ?? ""));
            var asked = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, signerSignaturePadding: RSASignaturePadding.Pkcs1);
            return [.. asked.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false).SelectMany(part => Organizations(part.RawData))];
        }
        catch (Exception malformed) when (malformed is CryptographicException or AsnContentException or FormatException or ArgumentException)
        {
            throw request.Forbidden($"error parsing CSR: {malformed.Message}");
        }
    }

    /// <summary>A part of a name may hold several attributes at once; none may hide behind another.</summary>
    private static IEnumerable<string> Organizations(ReadOnlyMemory<byte> part)
    {
        var attributes = new AsnReader(part, AsnEncodingRules.DER).ReadSetOf();
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() == Organization)
            {
                yield return attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue);
            }
        }
    }
}

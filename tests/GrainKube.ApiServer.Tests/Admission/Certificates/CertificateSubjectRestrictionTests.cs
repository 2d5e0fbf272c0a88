using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.Certificates;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.Certificates;

public sealed class CertificateSubjectRestrictionTests
{
    private const string Client = "kubernetes.io/kube-apiserver-client";

    [Theory]
    [InlineData("CN=eve, O=system:masters")]
    [InlineData("CN=eve, O=dev, O=system:masters")]
    public async Task Membership_of_the_masters_is_not_to_be_had_by_certificate(string subject)
    {
        var refused = await Request(subject, Client).RefusedByAsync(new CertificateSubjectRestriction());
        Assert.Equal((403, true), (refused.Code, refused.Message.EndsWith("use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_organization_does_not_hide_beside_another_attribute()
    {
        var name = new AsnWriter(AsnEncodingRules.DER);
        using (name.PushSequence())
        using (name.PushSetOf())
        {
            foreach (var (type, value) in new[] { ("2.5.4.3", "eve"), ("2.5.4.10", "system:masters") })
            {
                using var attribute = name.PushSequence();
                name.WriteObjectIdentifier(type);
                name.WriteCharacterString(UniversalTagNumber.UTF8String, value);
            }
        }

        Assert.Equal(403, (await Request(new X500DistinguishedName(name.Encode()), Client).RefusedByAsync(new CertificateSubjectRestriction())).Code);
    }

    [Fact]
    public async Task Other_groups_and_other_signers_pass()
    {
        await Request("CN=jane, O=dev", Client).ValidatedByAsync(new CertificateSubjectRestriction());
        await Request("CN=eve, O=system:masters", "example.com/own").ValidatedByAsync(new CertificateSubjectRestriction());
    }

    private static AdmissionRequest Request(string subject, string signer) => Request(new X500DistinguishedName(subject), signer);

    private static AdmissionRequest Request(X500DistinguishedName subject, string signer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
        return Asking.Create("certificatesigningrequests", "", "r", $$"""{"spec":{"signerName":"{{signer}}","request":"{{encoded}}"} }""", "certificates.k8s.io");
    }
}

using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Certificates.CertificateSigningRequests;

internal sealed class CertificateSigningRequestDefinition : BuiltInDefinition<V1CertificateSigningRequest>
{
    public CertificateSigningRequestDefinition()
        : base(ResourceNames.ClusterWide("certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", "csr"))
    {
        NameFormat = NameFormat.PathSegment; // a node's first request is named after a hash in base64
        Uses(new CertificateSigningRequestColumns());
        Uses(new CertificateSigningRequestStrategy());
        Uses(new CertificateSigningRequestValidator());
        WithStatus(generation: false);
        Subresources = [CertificateApproval.Subresource];
        Selects("spec.signerName");
    }
}

using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Certificates.PodCertificateRequests;

internal sealed class PodCertificateRequestDefinition : BuiltInDefinition<V1PodCertificateRequest>
{
    public PodCertificateRequestDefinition()
        : base(ResourceNames.InNamespace("certificates.k8s.io", "v1", "podcertificaterequests", "PodCertificateRequest"))
    {
        Uses(new PodCertificateRequestColumns());
        Uses(new PodCertificateRequestValidator());
        WithStatus(generation: false);
        KeptByStatus = AllMetadata;
        AllowsUnconditionalUpdate = false;
        Selects("spec.signerName");
        Selects("spec.podName");
        Selects("spec.nodeName");
    }
}

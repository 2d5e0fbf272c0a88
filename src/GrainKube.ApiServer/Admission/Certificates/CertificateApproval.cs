using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Approves and denies requests only who may <c>approve</c> for their signer.</summary>
internal sealed class CertificateApproval(SignerPermission permission) : IValidatingAdmission
{
    public string Name => "CertificateApproval";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update && request.Subresource == "approval" && request.Is("certificates.k8s.io", "certificatesigningrequests");

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        var signer = (string?)request.Current?["spec"]?["signerName"] ?? "";
        if (!await permission.HasAsync(request, "approve", signer, cancel))
        {
            throw request.Forbidden($"user not permitted to approve requests with signerName \"{signer}\"");
        }
    }
}

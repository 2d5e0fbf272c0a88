using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Issues certificates, and says that they failed, only who may <c>sign</c> for their signer.</summary>
internal sealed class CertificateSigning(SignerPermission permission) : IValidatingAdmission
{
    private static readonly string[] Guarded = ["certificate", "conditions"];

    public string Name => "CertificateSigning";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update
        && request.Subresource == "status"
        && request.Is("certificates.k8s.io", "certificatesigningrequests")
        && Guarded.Any(field => !JsonNode.DeepEquals(request.Object?["status"]?[field], request.Current?["status"]?[field]));

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        var signer = (string?)request.Current?["spec"]?["signerName"] ?? "";
        if (!await permission.HasAsync(request, "sign", signer, cancel))
        {
            throw request.Forbidden($"user not permitted to sign requests with signerName \"{signer}\"");
        }
    }
}

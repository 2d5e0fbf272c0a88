using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Writes the trust bundle of a signer only who may <c>attest</c> for it.</summary>
internal sealed class ClusterTrustBundleAttest(SignerPermission permission) : IValidatingAdmission
{
    public string Name => "ClusterTrustBundleAttest";

    public bool Handles(AdmissionRequest request) =>
        request.Operation is AdmissionOperation.Create or AdmissionOperation.Update
        && request.Is("certificates.k8s.io", "clustertrustbundles")
        && (string?)request.Object?["spec"]?["signerName"] is { Length: > 0 };

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        var signer = (string?)request.Object!["spec"]!["signerName"] ?? "";
        if (!await permission.HasAsync(request, "attest", signer, cancel))
        {
            throw request.Forbidden($"user not permitted to attest for signerName \"{signer}\"");
        }
    }
}

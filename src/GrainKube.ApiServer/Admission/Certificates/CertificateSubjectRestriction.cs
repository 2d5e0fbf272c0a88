using GrainKube.ApiMachinery.Admission;
using GrainKube.Resources.Certificates.CertificateSigningRequests;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Nobody becomes a member of <c>system:masters</c>, whom no rule binds, by a certificate that the cluster signs.</summary>
internal sealed class CertificateSubjectRestriction : IValidatingAdmission
{
    private const string Signer = "kubernetes.io/kube-apiserver-client";
    private const string Masters = "system:masters";

    public string Name => "CertificateSubjectRestriction";

    public bool Handles(AdmissionRequest request) =>
        request.Creates("certificates.k8s.io", "certificatesigningrequests") && (string?)request.Object?["spec"]?["signerName"] == Signer;

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        try
        {
            return SigningRequest.Parse((string?)request.Object?["spec"]?["request"]).Organizations.Contains(Masters)
                ? throw request.Forbidden($"use of {Signer} signer with {Masters} group is not allowed")
                : ValueTask.CompletedTask;
        }
        catch (FormatException malformed)
        {
            throw request.Forbidden($"error parsing CSR: {malformed.Message}");
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiServer.Admission.Certificates;

/// <summary>Issues the certificate of a pod only who may <c>sign</c> for its signer, and issues none that begins at another time than now.</summary>
internal sealed class PodCertificateSigning(SignerPermission permission, TimeProvider time) : IValidatingAdmission
{
    private const string Group = "certificates.k8s.io";
    private const string Resource = "podcertificaterequests";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public string Name => "PodCertificateSigning";

    public bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Update
        && request.Subresource == "status"
        && request.Is(Group, Resource)
        && Chain(request.Object) != Chain(request.Current);

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        var errors = new FieldErrors();
        if (request.Object?["status"]?["notBefore"] is { } begins && (DateTimeOffset.Parse((string)begins!, CultureInfo.InvariantCulture) - time.GetUtcNow()).Duration() >= Skew)
        {
            errors.At("status").At("notBefore").Invalid((string)begins!, "must be set to within 5 minutes of kube-apiserver's current time");
        }

        var signer = (string?)request.Current?["spec"]?["signerName"] ?? "";
        if (!await permission.HasAsync(request, "sign", signer, cancel))
        {
            errors.At("spec").At("signerName").Forbidden($"User \"{request.User.Name}\" is not permitted to \"sign\" for signer \"{signer}\"");
        }

        if (!errors.IsEmpty)
        {
            throw ApiException.Invalid(Group, "PodCertificateRequest", request.Key.Name, errors);
        }
    }

    private static string Chain(JsonObject? item) => (string?)item?["status"]?["certificateChain"] ?? "";
}

using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Certificates.CertificateSigningRequests;
using GrainKube.Security.Pki;
using k8s.Models;

namespace GrainKube.Controllers.Certificates;

/// <summary>Signs what was approved, by the cluster's own authority.</summary>
internal sealed class CertificateSigningReconciler(CertificateAuthority authority) : Reconciler<V1CertificateSigningRequest>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public override string Name => "certificatesigningrequest-signing";

    public override string Identity => "certificate-controller";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1CertificateSigningRequest view, ReconcileContext context, CancellationToken cancel)
    {
        if (!Signers.Serves(view.Spec.SignerName)
            || view.Status?.Certificate is { Length: > 0 }
            || CertificateConditions.Of(view, CertificateConditions.Approved) is null
            || CertificateConditions.Of(view, CertificateConditions.Denied) is not null
            || CertificateConditions.Of(view, CertificateConditions.Failed) is not null)
        {
            return Outcome.Done;
        }

        SigningRequest asked;
        try
        {
            asked = SigningRequest.Parse(view.Spec.Request);
        }
        catch (FormatException malformed)
        {
            await FailAsync(item, $"unable to parse csr \"{item.Header.Name}\": {malformed.Message}", context, cancel);
            return Outcome.Done;
        }

        if (Signers.Complaint(view.Spec.SignerName, asked, view.Spec.Usages) is { } complaint)
        {
            await FailAsync(item, complaint, context, cancel);
            return Outcome.Done;
        }

        var lifetime = view.Spec.ExpirationSeconds is { } seconds && TimeSpan.FromSeconds(seconds) < Longest ? TimeSpan.FromSeconds(seconds) : Longest;
        var pem = authority.Sign(asked.Asked, asked.AlternativeNames, [.. view.Spec.Usages], lifetime);
        await context.Objects.PatchAsync(
            item.Key,
            new JsonObject { ["status"] = new JsonObject { ["certificate"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)) } },
            "status",
            new Preconditions(item.Header.Uid, item.Revision),
            cancel);
        return Outcome.Done;
    }

    private static Task FailAsync(KubeObject item, string message, ReconcileContext context, CancellationToken cancel) =>
        CertificateConditions.AddAsync(item, "status", CertificateConditions.Failed, "SignerValidationFailure", message, context, cancel);
}

using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Certificates.CertificateSigningRequests;
using GrainKube.Security.Rbac;
using k8s.Models;

namespace GrainKube.Controllers.Certificates;

/// <summary>Approves the client certificates of nodes where whoever asks may have one.</summary>
internal sealed class CertificateApprovingReconciler(RbacIndex rbac) : Reconciler<V1CertificateSigningRequest>
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    public override string Name => "certificatesigningrequest-approving";

    public override string Identity => "certificate-controller";

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1CertificateSigningRequest view, ReconcileContext context, CancellationToken cancel)
    {
        if (view.Spec.SignerName != Signers.KubeletClient
            || view.Status?.Certificate is { Length: > 0 }
            || CertificateConditions.Of(view, CertificateConditions.Approved) is not null
            || CertificateConditions.Of(view, CertificateConditions.Denied) is not null)
        {
            return Outcome.Done;
        }

        SigningRequest asked;
        try
        {
            asked = SigningRequest.Parse(view.Spec.Request);
        }
        catch (FormatException)
        {
            // Validation lets no such request in; one of before is the business of people.
            return Outcome.Done;
        }

        if (Signers.KubeletClientComplaint(asked, view.Spec.Usages) is not null)
        {
            return Outcome.Done;
        }

        if (Permission(view, asked) is not { } message)
        {
            // Somebody may yet give it.
            return Outcome.WakeIn(Again);
        }

        await CertificateConditions.AddAsync(item, "approval", CertificateConditions.Approved, "AutoApproved", message, context, cancel);
        return Outcome.Done;
    }

    /// <summary>By what right the request is approved; null where by none.</summary>
    private string? Permission(V1CertificateSigningRequest view, SigningRequest asked) =>
        view.Spec.Username == asked.CommonName && May(view, "selfnodeclient") ? "Auto approving self kubelet client certificate after SubjectAccessReview."
        : May(view, "nodeclient") ? "Auto approving kubelet client certificate after SubjectAccessReview."
        : null;

    private bool May(V1CertificateSigningRequest view, string subresource)
    {
        var user = new UserInfo { Name = view.Spec.Username ?? "", Uid = view.Spec.Uid ?? "", Groups = [.. view.Spec.Groups ?? []] };
        return Superuser.Is(user) || rbac.Decide(new AccessAttributes
        {
            User = user, Verb = "create", ApiGroup = "certificates.k8s.io", ApiVersion = "*", Resource = "certificatesigningrequests", Subresource = subresource,
        }).Allowed;
    }
}

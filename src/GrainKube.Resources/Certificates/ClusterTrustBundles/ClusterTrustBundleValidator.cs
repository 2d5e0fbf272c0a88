using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Certificates.ClusterTrustBundles;

internal sealed class ClusterTrustBundleValidator : IValidator<V1ClusterTrustBundle>
{
    public void Validate(V1ClusterTrustBundle item, FieldErrors errors)
    {
        Signer(item, errors);
        TrustAnchors.Check(item.Spec?.TrustBundle ?? "", errors.At("spec").At("trustBundle"));
    }

    public void ValidateUpdate(V1ClusterTrustBundle next, V1ClusterTrustBundle current, FieldErrors errors)
    {
        Signer(next, errors);
        if (next.Spec?.TrustBundle != current.Spec?.TrustBundle)
        {
            TrustAnchors.Check(next.Spec?.TrustBundle ?? "", errors.At("spec").At("trustBundle"));
        }

        errors.At("spec").At("signerName").Immutable(next.Spec?.SignerName ?? "", current.Spec?.SignerName ?? "");
    }

    /// <summary>The name of a signer's bundle begins with the signer's; that of another has no part that could be one.</summary>
    private static void Signer(V1ClusterTrustBundle item, FieldErrors errors)
    {
        var (name, signer, place) = (item.Metadata?.Name ?? "", item.Spec?.SignerName ?? "", errors.At("metadata").At("name"));
        if (signer.Length == 0)
        {
            if (name.Contains(':'))
            {
                place.Invalid(name, "ClusterTrustBundle without signer name must not have \":\" in its name");
            }

            place.Report(name, NameRules.DnsSubdomain(name));
            return;
        }

        var prefix = signer.Replace('/', ':') + ":";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            place.Invalid(name, $"ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}");
        }
        else
        {
            place.Report(name, NameRules.DnsSubdomain(name[prefix.Length..]));
        }

        SignerNameRules.Check(signer, errors.At("spec").At("signerName"));
    }
}

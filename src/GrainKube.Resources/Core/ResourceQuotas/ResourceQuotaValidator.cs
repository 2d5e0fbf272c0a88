using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.ResourceQuotas;

internal sealed class ResourceQuotaValidator : IValidator<V1ResourceQuota>
{
    public void Validate(V1ResourceQuota item, FieldErrors errors)
    {
        var (spec, place) = (item.Spec ?? new V1ResourceQuotaSpec(), errors.At("spec"));
        Amounts(spec.Hard, place.At("hard"));
        QuotaScopeRules.Check(spec, place);
    }

    public void ValidateUpdate(V1ResourceQuota next, V1ResourceQuota current, FieldErrors errors)
    {
        Validate(next, errors);
        var scopes = next.Spec?.Scopes ?? [];
        if (!scopes.ToHashSet(StringComparer.Ordinal).SetEquals(current.Spec?.Scopes ?? []))
        {
            errors.At("spec").At("scopes").Invalid(scopes, "field is immutable");
        }
    }

    public void ValidateStatusUpdate(V1ResourceQuota next, V1ResourceQuota current, FieldErrors errors)
    {
        Amounts(next.Status?.Hard, errors.At("status").At("hard"));
        Amounts(next.Status?.Used, errors.At("status").At("used"));
    }

    private static void Amounts(IDictionary<string, ResourceQuantity>? amounts, FieldErrors errors)
    {
        foreach (var (name, amount) in amounts ?? new Dictionary<string, ResourceQuantity>())
        {
            ResourceNameRules.Quota(name, errors.Key(name));
            ResourceNameRules.Amount(name, amount, errors.Key(name));
        }
    }
}

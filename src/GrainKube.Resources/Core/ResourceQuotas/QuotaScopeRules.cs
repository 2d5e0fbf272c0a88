using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.ResourceQuotas;

/// <summary>Rules for what narrows a quota to some of the pods, or of the claims.</summary>
internal static class QuotaScopeRules
{
    private const string OnlyExists =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
        + "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

    private static readonly string[] Pods = ["pods", "count/pods"];
    private static readonly string[] Compute = ["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
    private static readonly string[] Claims = ["persistentvolumeclaims", "count/persistentvolumeclaims", "requests.storage"];
    private static readonly (string, string)[] Opposites = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];

    public static void Check(V1ResourceQuotaSpec spec, FieldErrors errors)
    {
        var hard = (spec.Hard?.Keys ?? []).Where(ResourceNameRules.IsOfQuotas).ToList();
        var scopes = errors.At("scopes");
        foreach (var scope in spec.Scopes ?? [])
        {
            if (!IsKnown(scope))
            {
                scopes.Invalid(spec.Scopes, "unsupported scope");
            }

            foreach (var _ in hard.Where(name => !Fits(scope, name)))
            {
                scopes.Invalid(spec.Scopes, "unsupported scope applied to resource");
            }
        }

        Conflicts(spec.Scopes ?? [], spec, scopes);
        if (spec.ScopeSelector is null)
        {
            return;
        }

        var expressions = errors.At("scopeSelector").At("matchExpressions");
        foreach (var requirement in spec.ScopeSelector.MatchExpressions ?? [])
        {
            Requirement(requirement, spec, hard, expressions);
        }

        Conflicts((spec.ScopeSelector.MatchExpressions ?? []).Select(e => e.ScopeName), spec, expressions);
    }

    private static void Requirement(V1ScopedResourceSelectorRequirement requirement, V1ResourceQuotaSpec spec, List<string> hard, FieldErrors errors)
    {
        var (scope, how, values) = (requirement.ScopeName ?? "", requirement.OperatorProperty ?? "", requirement.Values);
        if (!IsKnown(scope))
        {
            errors.At("scopeName").Invalid(scope, "unsupported scope");
        }

        foreach (var _ in hard.Where(name => !Fits(scope, name)))
        {
            errors.Invalid(spec.ScopeSelector, "unsupported scope applied to resource");
        }

        if (scope is "BestEffort" or "NotBestEffort" or "Terminating" or "NotTerminating" or "CrossNamespacePodAffinity" && how != "Exists")
        {
            errors.At("operator").Invalid(how, OnlyExists);
        }

        switch (how)
        {
            case "In" or "NotIn":
                if (values is not { Count: > 0 })
                {
                    errors.At("values").Required("must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }

                break;
            case "Exists" or "DoesNotExist":
                if (values is { Count: > 0 })
                {
                    errors.At("values").Invalid(values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }

                break;
            default:
                errors.At("operator").Invalid(how, "not a valid selector operator");
                break;
        }
    }

    private static void Conflicts(IEnumerable<string> scopes, V1ResourceQuotaSpec spec, FieldErrors errors)
    {
        var set = scopes.ToHashSet(StringComparer.Ordinal);
        foreach (var (one, other) in Opposites)
        {
            if (set.Contains(one) && set.Contains(other))
            {
                errors.Invalid(spec.Scopes, "conflicting scopes");
            }
        }
    }

    private static bool IsKnown(string scope) =>
        scope is "Terminating" or "NotTerminating" or "BestEffort" or "NotBestEffort" or "PriorityClass" or "CrossNamespacePodAffinity" or "VolumeAttributesClass";

    private static bool Fits(string scope, string name) => scope switch
    {
        "Terminating" or "NotTerminating" or "NotBestEffort" or "PriorityClass" or "CrossNamespacePodAffinity" => Pods.Contains(name) || Compute.Contains(name),
        "BestEffort" => Pods.Contains(name),
        "VolumeAttributesClass" => Claims.Contains(name),
        _ => true,
    };
}

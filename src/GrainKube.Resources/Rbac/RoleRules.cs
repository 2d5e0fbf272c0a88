using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Rbac;

/// <summary>Rules for what roles allow.</summary>
internal static class RoleRules
{
    public static void Check(IList<V1PolicyRule>? rules, bool isNamespaced, FieldErrors errors)
    {
        for (var i = 0; i < rules?.Count; i++)
        {
            One(rules[i], isNamespaced, errors.At(i));
        }
    }

    private static void One(V1PolicyRule rule, bool isNamespaced, FieldErrors errors)
    {
        if (rule.Verbs is not { Count: > 0 })
        {
            errors.At("verbs").Required("verbs must contain at least one value");
        }

        if (rule.NonResourceURLs is { Count: > 0 } paths)
        {
            if (isNamespaced)
            {
                errors.At("nonResourceURLs").Invalid(paths, "namespaced rules cannot apply to non-resource URLs");
            }

            if (rule.ApiGroups is { Count: > 0 } || rule.Resources is { Count: > 0 } || rule.ResourceNames is { Count: > 0 })
            {
                errors.At("nonResourceURLs").Invalid(paths, "rules cannot apply to both regular resources and non-resource URLs");
            }

            return;
        }

        if (rule.ApiGroups is not { Count: > 0 })
        {
            errors.At("apiGroups").Required("resource rules must supply at least one api group");
        }

        if (rule.Resources is not { Count: > 0 })
        {
            errors.At("resources").Required("resource rules must supply at least one resource");
        }
    }
}

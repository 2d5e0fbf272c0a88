using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration;

/// <summary>Upstream's rules for the requests that a webhook names.</summary>
internal static class WebhookRuleRules
{
    /// <param name="rule">Operations and resources.</param>
    /// <param name="errors">The rule's place.</param>
    public static void Check(V1RuleWithOperations rule, FieldErrors errors)
    {
        var operations = rule.Operations ?? [];
        CheckList(operations, errors.At("operations"), "operations");
        for (var i = 0; i < operations.Count; i++)
        {
            errors.At("operations").At(i).OneOf(operations[i], "*", "CONNECT", "CREATE", "DELETE", "UPDATE");
        }

        CheckList(rule.ApiGroups ?? [], errors.At("apiGroups"), "API groups");
        CheckList(rule.ApiVersions ?? [], errors.At("apiVersions"), "API versions");
        for (var i = 0; i < (rule.ApiVersions?.Count ?? 0); i++)
        {
            errors.At("apiVersions").At(i).MustBeSet(rule.ApiVersions![i]);
        }

        CheckResources(rule.Resources ?? [], errors.At("resources"));
        errors.At("scope").OneOf(rule.Scope, "*", "Cluster", "Namespaced");
    }

    private static void CheckList(IList<string> list, FieldErrors errors, string what)
    {
        if (list.Count == 0)
        {
            errors.Required();
        }
        else if (list.Count > 1 && list.Contains("*"))
        {
            errors.Invalid(list, $"if '*' is present, must not specify other {what}");
        }
    }

    private static void CheckResources(IList<string> resources, FieldErrors errors)
    {
        if (resources.Count == 0)
        {
            errors.Required();
            return;
        }

        var wholeResources = new HashSet<string>(StringComparer.Ordinal);
        var wholeSubresources = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < resources.Count; i++)
        {
            var entry = resources[i];
            if (entry.Length == 0)
            {
                errors.At(i).Required();
                continue;
            }

            var slash = entry.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                continue;
            }

            var (resource, sub) = (entry[..slash], entry[(slash + 1)..]);
            if (wholeResources.Contains(resource))
            {
                errors.At(i).Invalid(entry, $"if '{resource}/*' is present, must not specify {entry}");
            }

            if (wholeSubresources.Contains(sub))
            {
                errors.At(i).Invalid(entry, $"if '*/{sub}' is present, must not specify {entry}");
            }

            if (sub == "*")
            {
                wholeResources.Add(resource);
            }

            if (resource == "*")
            {
                wholeSubresources.Add(sub);
            }
        }

        if (resources.Count > 1 && resources.Contains("*/*"))
        {
            errors.Invalid(resources, "if '*/*' is present, must not specify other resources");
        }

        if (resources.Contains("*") && resources.Any(r => r != "*" && !r.Contains('/', StringComparison.Ordinal)))
        {
            errors.Invalid(resources, "if '*' is present, must not specify other resources without subresources");
        }
    }
}

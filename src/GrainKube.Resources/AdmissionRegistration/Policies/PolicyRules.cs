using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.Policies;

/// <summary>What the two kinds of policies, and their bindings, have in common.</summary>
internal static class PolicyRules
{
    private const int MostConditions = 64;

    public static void FailurePolicy(string? policy, FieldErrors errors)
    {
        errors.MustBeSet(policy);
        errors.OneOf(policy, "Fail", "Ignore");
    }

    public static void ParamKind(string? apiVersion, string? kind, FieldErrors errors)
    {
        errors.At("apiVersion").MustBeSet(apiVersion);
        if (apiVersion is { Length: > 0 } && apiVersion.Split('/') is not ([{ Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }]))
        {
            errors.At("apiVersion").Invalid(apiVersion, $"unexpected GroupVersion string: {apiVersion}");
        }

        errors.At("kind").MustBeSet(kind);
        if (kind is { Length: > 0 } && NameRules.Dns1035Label(kind.ToLowerInvariant()) is { Count: > 0 } problems)
        {
            errors.At("kind").Invalid(kind, $"may have mixed case, but should otherwise match: {string.Join(",", problems)}");
        }
    }

    /// <param name="match">What requests are meant.</param>
    /// <param name="errors">Its place.</param>
    public static void Match(V1MatchResources match, FieldErrors errors)
    {
        errors.At("matchPolicy").MustBeSet(match.MatchPolicy);
        errors.At("matchPolicy").OneOf(match.MatchPolicy, "Equivalent", "Exact");
        LabelSelectorRules.Check(match.NamespaceSelector, errors.At("namespaceSelector"));
        LabelSelectorRules.Check(match.ObjectSelector, errors.At("objectSelector"));
        Rules(match.ResourceRules ?? [], errors.At("resourceRules"));
        Rules(match.ExcludeResourceRules ?? [], errors.At("excludeResourceRules"));
    }

    /// <summary>What a policy must say of the requests that it is about.</summary>
    public static void Constraints(V1MatchResources? match, FieldErrors errors)
    {
        if (match is null)
        {
            errors.Required();
            return;
        }

        Match(match, errors);
        if (match.ResourceRules is not { Count: > 0 })
        {
            errors.At("resourceRules").Required();
        }
    }

    public static void Conditions(IList<V1MatchCondition> conditions, PolicyExpressions expressions, FieldErrors errors)
    {
        if (conditions.Count > MostConditions)
        {
            errors.TooMany(conditions.Count, MostConditions);
        }

        HashSet<string> names = [];
        for (var i = 0; i < conditions.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(conditions[i].Expression))
            {
                errors.At(i).At("expression").Required();
            }
            else
            {
                expressions.Check(conditions[i].Expression, errors.At(i).At("expression"), CelType.Bool);
            }

            var name = conditions[i].Name ?? "";
            if (name.Length == 0)
            {
                errors.At(i).At("name").Required();
                continue;
            }

            errors.At(i).At("name").Report(name, NameRules.LabelKey(name));
            if (!names.Add(name))
            {
                errors.At(i).At("name").Duplicate(name);
            }
        }
    }

    /// <summary>The parameters of a binding: one by name, or all that a selector picks.</summary>
    public static void ParamRef(V1ParamRef reference, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(reference.Name))
        {
            errors.At("name").Report(reference.Name, NameRules.PathSegment(reference.Name));
            if (reference.Selector is not null)
            {
                errors.At("name").Forbidden("name and selector are mutually exclusive");
            }
        }

        if (reference.Selector is not null)
        {
            LabelSelectorRules.Check(reference.Selector, errors.At("selector"));
            if (!string.IsNullOrEmpty(reference.Name))
            {
                errors.At("selector").Forbidden("name and selector are mutually exclusive");
            }
        }

        if (string.IsNullOrEmpty(reference.Name) && reference.Selector is null)
        {
            errors.Required("one of name or selector must be specified");
        }

        errors.At("parameterNotFoundAction").MustBeSet(reference.ParameterNotFoundAction);
        errors.At("parameterNotFoundAction").OneOf(reference.ParameterNotFoundAction, "Allow", "Deny");
    }

    private static void Rules(IList<V1NamedRuleWithOperations> rules, FieldErrors errors)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            WebhookRuleRules.Check(
                new V1RuleWithOperations { ApiGroups = rules[i].ApiGroups, ApiVersions = rules[i].ApiVersions, Operations = rules[i].Operations, Resources = rules[i].Resources, Scope = rules[i].Scope },
                errors.At(i));
            HashSet<string> names = [];
            for (var n = 0; n < (rules[i].ResourceNames?.Count ?? 0); n++)
            {
                var name = rules[i].ResourceNames[n];
                errors.At(i).At("resourceNames").At(n).Report(name, NameRules.PathSegment(name));
                if (!names.Add(name))
                {
                    errors.At(i).At("resourceNames").At(n).Duplicate(name);
                }
            }
        }
    }
}

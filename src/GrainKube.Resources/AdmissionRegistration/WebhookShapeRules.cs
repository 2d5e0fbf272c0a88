using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration;

/// <summary>Upstream's rules for the entries of webhook configurations (<c>admissionregistration/validation</c>).</summary>
internal static class WebhookShapeRules
{
    private const int MostConditions = 64;
    private static readonly string[] ReviewVersions = ["v1", "v1beta1"];

    /// <param name="webhooks">The entries of a configuration.</param>
    /// <param name="errors">The place <c>webhooks</c>.</param>
    public static void Check(IReadOnlyList<WebhookShape> webhooks, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < webhooks.Count; i++)
        {
            Check(webhooks[i], errors.At(i));
            if (webhooks[i].Name is { Length: > 0 } name && !names.Add(name))
            {
                errors.At(i).At("name").Duplicate(name);
            }
        }
    }

    private static void Check(WebhookShape webhook, FieldErrors errors)
    {
        CheckName(webhook.Name ?? "", errors.At("name"));
        for (var i = 0; i < (webhook.Rules?.Count ?? 0); i++)
        {
            WebhookRuleRules.Check(webhook.Rules![i], errors.At("rules").At(i));
        }

        errors.At("failurePolicy").OneOf(webhook.FailurePolicy, "Fail", "Ignore");
        errors.At("matchPolicy").OneOf(webhook.MatchPolicy, "Equivalent", "Exact");
        errors.At("reinvocationPolicy").OneOf(webhook.ReinvocationPolicy, "IfNeeded", "Never");
        if (string.IsNullOrEmpty(webhook.SideEffects))
        {
            errors.At("sideEffects").Required("must specify one of None, NoneOnDryRun");
        }
        else
        {
            errors.At("sideEffects").OneOf(webhook.SideEffects, "None", "NoneOnDryRun");
        }

        if (webhook.TimeoutSeconds is < 1 or > 30)
        {
            errors.At("timeoutSeconds").Invalid(webhook.TimeoutSeconds, "the timeout value must be between 1 and 30 seconds");
        }

        LabelSelectorRules.Check(webhook.NamespaceSelector, errors.At("namespaceSelector"));
        LabelSelectorRules.Check(webhook.ObjectSelector, errors.At("objectSelector"));
        WebhookClientRules.Check(webhook.ClientConfig, errors.At("clientConfig"));
        CheckVersions(webhook.AdmissionReviewVersions ?? [], errors.At("admissionReviewVersions"));
        CheckConditions(webhook.MatchConditions ?? [], errors.At("matchConditions"));
    }

    private static void CheckName(string name, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required();
        }
        else if (NameRules.DnsSubdomain(name) is { Count: > 0 } problems)
        {
            errors.Report(name, problems);
        }
        else if (name.Count(c => c == '.') < 2)
        {
            errors.Invalid(name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void CheckVersions(IList<string> versions, FieldErrors errors)
    {
        if (versions.Count == 0)
        {
            errors.Required("must specify one of v1, v1beta1");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Count; i++)
        {
            if (!seen.Add(versions[i]))
            {
                errors.At(i).Invalid(versions[i], "duplicate version");
            }
            else
            {
                errors.At(i).Report(versions[i], NameRules.Dns1035Label(versions[i]));
            }
        }

        if (!versions.Any(ReviewVersions.Contains))
        {
            errors.Invalid(versions, "must include at least one of v1, v1beta1");
        }
    }

    private static void CheckConditions(IList<V1MatchCondition> conditions, FieldErrors errors)
    {
        if (conditions.Count > MostConditions)
        {
            errors.TooMany(conditions.Count, MostConditions);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < conditions.Count; i++)
        {
            var place = errors.At(i);
            place.At("expression").MustBeSet(conditions[i].Expression?.Trim());
            if (conditions[i].Expression?.Trim() is { Length: > 0 } && Complaint(conditions[i].Expression) is { } complaint)
            {
                place.At("expression").Invalid(conditions[i].Expression, complaint);
            }

            if (string.IsNullOrEmpty(conditions[i].Name))
            {
                place.At("name").Required();
                continue;
            }

            place.At("name").Report(conditions[i].Name, NameRules.LabelKey(conditions[i].Name));
            if (!names.Add(conditions[i].Name))
            {
                place.At("name").Duplicate(conditions[i].Name);
            }
        }
    }

    private static string? Complaint(string expression)
    {
        try
        {
            return CelProgram.Compile(expression, PolicyTypes.MatchConditions).Type.Is(CelType.Bool) ? null : "must evaluate to bool";
        }
        catch (CelCompileException wrong)
        {
            return $"compilation failed: {wrong.Message}";
        }
    }
}

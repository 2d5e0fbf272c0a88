using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Rules for <c>spec.podFailurePolicy</c>.</summary>
internal static class PodFailurePolicyRules
{
    private const int MaximumRules = 20;
    private const int MaximumExitCodes = 255;
    private const int MaximumPatterns = 20;

    public static void Check(V1JobSpec spec, FieldErrors errors)
    {
        if (spec.PodFailurePolicy is null)
        {
            return;
        }

        var rules = spec.PodFailurePolicy.Rules ?? [];
        var place = errors.At("rules");
        if (rules.Count > MaximumRules)
        {
            place.TooMany(rules.Count, MaximumRules);
        }

        var pod = spec.Template?.Spec;
        var containers = (pod?.Containers ?? []).Concat(pod?.InitContainers ?? []).Select(c => c.Name).ToHashSet();
        for (var i = 0; i < rules.Count; i++)
        {
            Rule(spec, rules[i], containers, place.At(i));
        }
    }

    private static void Rule(V1JobSpec spec, V1PodFailurePolicyRule rule, HashSet<string> containers, FieldErrors errors)
    {
        var action = errors.At("action");
        switch (rule.Action)
        {
            case null or "":
                action.Required("valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]");
                break;
            case "FailIndex" when spec.BackoffLimitPerIndex is null:
                action.Invalid(rule.Action, "requires the backoffLimitPerIndex to be set");
                break;
            default:
                action.OneOf(rule.Action, "Count", "FailIndex", "FailJob", "Ignore");
                break;
        }

        var hasConditions = rule.OnPodConditions is { Count: > 0 };
        if (rule.OnExitCodes is { } codes)
        {
            ExitCodes(codes, containers, errors.At("onExitCodes"));
        }

        if (hasConditions)
        {
            Conditions(rule.OnPodConditions, errors.At("onPodConditions"));
        }

        if (rule.OnExitCodes is not null && hasConditions)
        {
            errors.InvalidWithout("specifying both OnExitCodes and OnPodConditions is not supported");
        }
        else if (rule.OnExitCodes is null && !hasConditions)
        {
            errors.InvalidWithout("specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void Conditions(IList<V1PodFailurePolicyOnPodConditionsPattern> patterns, FieldErrors errors)
    {
        if (patterns.Count > MaximumPatterns)
        {
            errors.TooMany(patterns.Count, MaximumPatterns);
        }

        for (var i = 0; i < patterns.Count; i++)
        {
            LabelRules.Key(patterns[i].Type ?? "", errors.At(i).At("type"));
            if (string.IsNullOrEmpty(patterns[i].Status))
            {
                errors.At(i).At("status").Required("valid values: [\"False\" \"True\" \"Unknown\"]");
            }
            else
            {
                errors.At(i).At("status").OneOf(patterns[i].Status, "False", "True", "Unknown");
            }
        }
    }

    private static void ExitCodes(V1PodFailurePolicyOnExitCodesRequirement codes, HashSet<string> containers, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(codes.OperatorProperty))
        {
            errors.At("operator").Required("valid values: [\"In\" \"NotIn\"]");
        }
        else
        {
            errors.At("operator").OneOf(codes.OperatorProperty, "In", "NotIn");
        }

        if (codes.ContainerName is { } container && !containers.Contains(container))
        {
            errors.At("containerName").Invalid(container, "must be one of the container or initContainer names in the pod template");
        }

        var values = codes.Values ?? [];
        var place = errors.At("values");
        if (values.Count == 0)
        {
            place.Invalid(values, "at least one value is required");
        }
        else if (values.Count > MaximumExitCodes)
        {
            place.TooMany(values.Count, MaximumExitCodes);
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] == 0 && codes.OperatorProperty == "In")
            {
                place.At(i).Invalid(0, "must not be 0 for the In operator");
            }

            if (!seen.Add(values[i]))
            {
                place.At(i).Duplicate(values[i]);
            }
        }

        if (!values.SequenceEqual(values.Order()))
        {
            place.Invalid(values, "must be ordered");
        }
    }
}

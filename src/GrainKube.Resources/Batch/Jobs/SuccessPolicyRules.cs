using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Rules for <c>spec.successPolicy</c>.</summary>
internal static class SuccessPolicyRules
{
    private const int MaximumRules = 20;
    private const int MaximumText = 64 * 1024;

    public static void Check(V1JobSpec spec, FieldErrors errors)
    {
        if (spec.SuccessPolicy is null)
        {
            return;
        }

        if (spec.CompletionMode != "Indexed")
        {
            errors.Invalid(spec.SuccessPolicy, "requires indexed completion mode");
            return;
        }

        var rules = spec.SuccessPolicy.Rules ?? [];
        if (rules.Count == 0)
        {
            errors.At("rules").Required("at least one rules must be specified when the successPolicy is specified");
        }

        if (rules.Count > MaximumRules)
        {
            errors.At("rules").TooMany(rules.Count, MaximumRules);
        }

        for (var i = 0; i < rules.Count; i++)
        {
            Rule(rules[i], spec.Completions ?? 0, errors.At("rules").At(i));
        }
    }

    private static void Rule(V1SuccessPolicyRule rule, int completions, FieldErrors errors)
    {
        if (rule.SucceededCount is null && rule.SucceededIndexes is null)
        {
            errors.Required("at least one of succeededCount or succeededIndexes must be specified");
        }

        var named = 0;
        if (rule.SucceededIndexes is { } indexes)
        {
            if (indexes.Length > MaximumText)
            {
                errors.At("succeededIndexes").TooLong(MaximumText);
            }

            if (JobIndexes.Problem(indexes, completions, out named) is { } problem)
            {
                errors.At("succeededIndexes").Invalid(indexes, $"error parsing succeededIndexes: {problem}");
                named = 0;
            }
        }

        var count = errors.At("succeededCount");
        count.NotNegative(rule.SucceededCount);
        AtMost(completions, "the number of specified completions");
        if (rule.SucceededIndexes is not null)
        {
            AtMost(named, "the number of indexes in the specified succeededIndexes field");
        }

        void AtMost(int maximum, string what)
        {
            if (rule.SucceededCount > maximum)
            {
                count.Invalid(rule.SucceededCount, string.Create(CultureInfo.InvariantCulture, $"must be less than or equal to {maximum} ({what})"));
            }
        }
    }
}

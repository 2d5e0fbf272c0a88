using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Apps;

/// <summary>Rules for the selector of a workload: there, readable, not empty, and never changed.</summary>
internal static class WorkloadSelectorRules
{
    /// <param name="selector">The selector.</param>
    /// <param name="errors">Its place.</param>
    /// <param name="kind">For the message; upstream says <c>deployment</c> for replica sets too.</param>
    public static void Check(V1LabelSelector? selector, FieldErrors errors, string kind = "deployment")
    {
        if (selector is null)
        {
            errors.Required();
            return;
        }

        LabelSelectorRules.Check(selector, errors);
        if (selector.MatchLabels is not { Count: > 0 } && selector.MatchExpressions is not { Count: > 0 })
        {
            errors.Invalid(selector, $"empty selector is invalid for {kind}");
        }
        else if (!IsReadable(selector))
        {
            errors.Invalid(selector, "invalid label selector");
        }
    }

    public static void CheckUpdate(V1LabelSelector? next, V1LabelSelector? current, FieldErrors errors)
    {
        if (!ModelEquality.AreSame(next, current))
        {
            errors.Invalid(next, "field is immutable");
        }
    }

    /// <summary>Every operator is one.</summary>
    public static bool IsReadable(V1LabelSelector selector) =>
        selector.MatchExpressions?.All(e => e.OperatorProperty is "In" or "NotIn" or "Exists" or "DoesNotExist") ?? true;
}

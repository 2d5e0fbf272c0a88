using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Policy.PodDisruptionBudgets;

internal sealed class PodDisruptionBudgetValidator : IValidator<V1PodDisruptionBudget>
{
    public void Validate(V1PodDisruptionBudget item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1PodDisruptionBudgetSpec();
        var place = errors.At("spec");
        if (spec.MinAvailable is not null && spec.MaxUnavailable is not null)
        {
            place.Invalid(spec, "minAvailable and maxUnavailable cannot be both set");
        }

        Amount(spec.MinAvailable, place.At("minAvailable"));
        Amount(spec.MaxUnavailable, place.At("maxUnavailable"));
        if (spec.Selector is { } selector)
        {
            LabelSelectorRules.Check(selector, place.At("selector"));
        }

        place.At("unhealthyPodEvictionPolicy").OneOf(spec.UnhealthyPodEvictionPolicy, "AlwaysAllow", "IfHealthyBudget");
    }

    public void ValidateStatusUpdate(V1PodDisruptionBudget next, V1PodDisruptionBudget current, FieldErrors errors)
    {
        var (status, place) = (next.Status ?? new V1PodDisruptionBudgetStatus(), errors.At("status"));
        place.At("disruptionsAllowed").NotNegative(status.DisruptionsAllowed);
        place.At("currentHealthy").NotNegative(status.CurrentHealthy);
        place.At("desiredHealthy").NotNegative(status.DesiredHealthy);
        place.At("expectedPods").NotNegative(status.ExpectedPods);
        ConditionRules.Check(status.Conditions, place.At("conditions"));
    }

    private static void Amount(IntOrString? value, FieldErrors errors)
    {
        if (value?.Value is not { } text)
        {
            return;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            errors.NotNegative(number);
        }
        else if (NameRules.Percent(text) is { Count: > 0 } problems)
        {
            errors.Report(text, problems);
        }
        else if (!int.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out var part) || part > 100)
        {
            errors.Invalid(text, "must not be greater than 100%");
        }
    }
}

using System.Globalization;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Autoscaling.HorizontalPodAutoscalers;

/// <summary>Rules for <c>spec.behavior</c>, one direction.</summary>
internal static class ScalingRules
{
    private const int LongestWindow = 3600;
    private const int LongestPeriod = 1800;

    public static void Check(V2HPAScalingRules? rules, FieldErrors errors)
    {
        if (rules is null)
        {
            return;
        }

        if (rules.StabilizationWindowSeconds is { } window)
        {
            if (window < 0)
            {
                errors.At("stabilizationWindowSeconds").Invalid(window, "must be greater than or equal to zero");
            }

            AtMost(window, LongestWindow, errors.At("stabilizationWindowSeconds"));
        }

        errors.At("selectPolicy").OneOf(rules.SelectPolicy, "Disabled", "Max", "Min");
        var place = errors.At("policies");
        if (rules.Policies is not { Count: > 0 })
        {
            place.Required("must specify at least one Policy");
        }

        for (var i = 0; i < rules.Policies?.Count; i++)
        {
            var policy = rules.Policies[i];
            place.At(i).At("type").OneOf(policy.Type, "Percent", "Pods");
            MoreThanZero(policy.Value, place.At(i).At("value"));
            MoreThanZero(policy.PeriodSeconds, place.At(i).At("periodSeconds"));
            AtMost(policy.PeriodSeconds, LongestPeriod, place.At(i).At("periodSeconds"));
        }

        if (rules.Tolerance is not null && rules.Tolerance.ToQuantity() is { Sign: < 0 } tolerance)
        {
            errors.At("tolerance").Invalid(tolerance.ToString(), "must be greater than or equal to 0");
        }
    }

    private static void MoreThanZero(int value, FieldErrors errors)
    {
        if (value <= 0)
        {
            errors.Invalid(value, "must be greater than zero");
        }
    }

    private static void AtMost(int value, int most, FieldErrors errors)
    {
        if (value > most)
        {
            errors.Invalid(value, string.Create(CultureInfo.InvariantCulture, $"must be less than or equal to {most}"));
        }
    }
}

using System.Globalization;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Apps.Deployments;

/// <summary>Rules for how far a rolling update may go at once: counts, or parts of a hundred.</summary>
internal static class RollingUpdateRules
{
    public static void Check(V1RollingUpdateDeployment? update, FieldErrors errors)
    {
        if (update is null)
        {
            errors.Required("this should be defaulted and never be nil");
            return;
        }

        Amount(update.MaxUnavailable, errors.At("maxUnavailable"));
        Amount(update.MaxSurge, errors.At("maxSurge"));
        if (IsZero(update.MaxUnavailable) && IsZero(update.MaxSurge))
        {
            errors.At("maxUnavailable").Invalid(Number(update.MaxUnavailable), "may not be 0 when `maxSurge` is 0");
        }

        AtMostAll(update.MaxUnavailable, errors.At("maxUnavailable"));
    }

    /// <summary>The value for a message: a number, or a text such as <c>10%</c>.</summary>
    public static object? Shown(IntOrString? value) => Number(value) is { } number ? number : value?.Value;

    public static void AtMostAll(IntOrString? value, FieldErrors errors)
    {
        if (Percent(value) > 100)
        {
            errors.Invalid(value?.Value, "must not be greater than 100%");
        }
    }

    public static void Amount(IntOrString? value, FieldErrors errors)
    {
        if (value?.Value is not { } text)
        {
            return;
        }

        if (Number(value) is { } number)
        {
            errors.NotNegative(number);
        }
        else
        {
            errors.Report(text, NameRules.Percent(text));
        }
    }

    public static bool IsZero(IntOrString? value) => Number(value) == 0 || Percent(value) == 0 || value?.Value is null;

    private static long? Number(IntOrString? value) =>
        long.TryParse(value?.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? Percent(IntOrString? value) =>
        value?.Value is { } text && NameRules.Percent(text).Count == 0 && long.TryParse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture, out var part) ? part : null;
}

using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources;

/// <summary>Rules for the conditions that a status tells, of the shape that all newer kinds share.</summary>
internal static class ConditionRules
{
    private const int MaximumReason = 1024;
    private const int MaximumMessage = 32 * 1024;
    private const string BadReason =
        "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' "
        + "(e.g. 'my_name', or 'MY_NAME', or 'MyName', or 'ReasonA,ReasonB', or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

    public static void Check(IList<V1Condition>? conditions, FieldErrors errors)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < conditions?.Count; i++)
        {
            var place = errors.At(i);
            One(conditions[i], place);
            if (!types.Add(conditions[i].Type ?? ""))
            {
                place.At("type").Duplicate(conditions[i].Type);
            }
        }
    }

    private static void One(V1Condition condition, FieldErrors errors)
    {
        LabelRules.Key(condition.Type ?? "", errors.At("type"));
        if (condition.Status is not ("True" or "False" or "Unknown"))
        {
            errors.At("status").NotSupported(condition.Status ?? "", "False", "True", "Unknown");
        }

        if (condition.ObservedGeneration < 0)
        {
            errors.At("observedGeneration").Invalid(condition.ObservedGeneration, "must be greater than or equal to zero");
        }

        if (condition.LastTransitionTime == default)
        {
            errors.At("lastTransitionTime").Required("must be set");
        }

        Reason(condition.Reason ?? "", errors.At("reason"));
        if (condition.Message?.Length > MaximumMessage)
        {
            errors.At("message").TooLong(MaximumMessage);
        }
    }

    private static void Reason(string reason, FieldErrors errors)
    {
        errors.MustBeSet(reason, "must be set");
        if (reason.Length > 0 && !(char.IsAsciiLetter(reason[0]) && reason.All(c => IsPart(c) || c is ',' or ':') && IsPart(reason[^1])))
        {
            errors.Invalid(reason, BadReason);
        }

        if (reason.Length > MaximumReason)
        {
            errors.TooLong(MaximumReason);
        }
    }

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}

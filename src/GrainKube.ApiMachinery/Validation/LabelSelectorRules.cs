using k8s.Models;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>Rules for a <c>LabelSelector</c> inside an object.</summary>
public static class LabelSelectorRules
{
    public static void Check(V1LabelSelector? selector, FieldErrors errors)
    {
        LabelRules.Labels(selector?.MatchLabels, errors.At("matchLabels"));
        for (var i = 0; i < selector?.MatchExpressions?.Count; i++)
        {
            Requirement(selector.MatchExpressions[i], errors.At("matchExpressions").At(i));
        }
    }

    private static void Requirement(V1LabelSelectorRequirement term, FieldErrors errors)
    {
        var count = term.Values?.Count ?? 0;
        switch (term.OperatorProperty)
        {
            case "In" or "NotIn" when count == 0:
                errors.At("values").Required("must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when count > 0:
                errors.At("values").Forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            default:
                errors.At("operator").Invalid(term.OperatorProperty ?? "", "not a valid selector operator");
                break;
        }

        LabelRules.Key(term.Key ?? "", errors.At("key"));
        for (var i = 0; i < count; i++)
        {
            foreach (var wrong in NameRules.LabelValue(term.Values![i]))
            {
                errors.At("values").At(i).Invalid(term.Values[i], wrong);
            }
        }
    }
}

using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for taints of devices and for what tolerates them.</summary>
internal static class TaintRules
{
    private static readonly string[] Effects = ["NoExecute", "NoSchedule", "None"];

    public static void Taint(V1DeviceTaint? taint, V1DeviceTaint? current, FieldErrors errors)
    {
        LabelRules.Key(taint?.Key ?? "", errors.At("key"));
        errors.At("value").Report(taint?.Value, NameRules.LabelValue(taint?.Value ?? ""));
        if (current is null || current.Effect != taint?.Effect)
        {
            errors.At("effect").RequiredOneOf(taint?.Effect, Effects);
        }
    }

    public static void Toleration(V1DeviceToleration toleration, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(toleration.Key))
        {
            LabelRules.Key(toleration.Key, errors.At("key"));
        }

        var value = toleration.Value ?? "";
        switch (toleration.OperatorProperty ?? "")
        {
            case "Exists":
                if (value.Length > 0)
                {
                    errors.At("value").Invalid(value, "must be empty for operator `Exists`");
                }

                break;
            case "Equal":
                errors.At("value").Report(value, NameRules.LabelValue(value));
                break;
            case var other:
                errors.At("operator").RequiredOneOf(other, "Equal", "Exists");
                break;
        }

        if (!string.IsNullOrEmpty(toleration.Effect))
        {
            errors.At("effect").OneOf(toleration.Effect, Effects);
        }
    }
}

using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for tolerations of pods and the effects of taints.</summary>
internal static class TolerationRules
{
    public static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Check(IList<V1Toleration>? tolerations, FieldErrors errors)
    {
        for (var i = 0; i < tolerations?.Count; i++)
        {
            One(tolerations[i], errors.At(i));
        }
    }

    /// <summary>An update may add tolerations, and change how long one lasts.</summary>
    public static void OnlyAdded(IList<V1Toleration>? next, IList<V1Toleration>? current, FieldErrors errors)
    {
        foreach (var old in current ?? [])
        {
            if (next?.Any(n => (n.Key, n.OperatorProperty, n.Value, n.Effect) == (old.Key, old.OperatorProperty, old.Value, old.Effect)) != true)
            {
                errors.Forbidden("existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static void One(V1Toleration toleration, FieldErrors errors)
    {
        var (key, how, effect) = (toleration.Key ?? "", toleration.OperatorProperty ?? "", toleration.Effect ?? "");
        if (key.Length > 0)
        {
            LabelRules.Key(key, errors.At("key"));
        }
        else if (how != "Exists")
        {
            errors.At("operator").Invalid(how, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }

        if (toleration.TolerationSeconds is not null && effect != "NoExecute")
        {
            errors.At("effect").Invalid(effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }

        switch (how)
        {
            case "" or "Equal":
                if (NameRules.LabelValue(toleration.Value ?? "") is { Count: > 0 } problems)
                {
                    errors.At("operator").Invalid(toleration.Value, string.Join(";", problems));
                }

                break;
            case "Exists":
                if (!string.IsNullOrEmpty(toleration.Value))
                {
                    errors.At("operator").Invalid(toleration.Value, "value must be empty when `operator` is 'Exists'");
                }

                break;
            default:
                errors.At("operator").NotSupported(how, "Equal", "Exists");
                break;
        }

        if (effect.Length > 0)
        {
            errors.At("effect").OneOf(effect, Effects);
        }
    }
}

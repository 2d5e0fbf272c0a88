using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for the conditions that say whether a device is ready for its pod, and that it never will be.</summary>
internal static class BindingConditionRules
{
    private const int Maximum = 4;

    public static void Check(IList<string>? conditions, IList<string>? failures, FieldErrors errors)
    {
        var (ready, failed) = (errors.At("bindingConditions"), errors.At("bindingFailureConditions"));
        ready.EachOnce(conditions, Maximum, c => c, LabelRules.Key);
        failed.EachOnce(failures, Maximum, c => c, LabelRules.Key);
        for (var i = 0; i < failures?.Count; i++)
        {
            if (conditions?.Contains(failures[i]) == true)
            {
                failed.At(i).Invalid(failures[i], "bindingFailureConditions must not overlap with bindingConditions");
            }
        }

        switch (conditions?.Count > 0, failures?.Count > 0)
        {
            case (false, true):
                ready.Invalid(conditions ?? [], "bindingConditions are required to use bindingFailureConditions");
                break;
            case (true, false):
                failed.Invalid(failures ?? [], "bindingFailureConditions are required to use bindingConditions");
                break;
        }
    }

    /// <summary>Whoever leaves out to prepare a node leaves out to tidy it up.</summary>
    public static void Skipped(IList<string>? operations, FieldErrors errors)
    {
        if (operations?.Contains("NodePrepareResources") == true && !operations.Contains("NodeUnprepareResources") && !operations.Contains("*"))
        {
            errors.Invalid(operations, "NodePrepareResources cannot be skipped unless NodeUnprepareResources is also skipped");
        }
    }
}

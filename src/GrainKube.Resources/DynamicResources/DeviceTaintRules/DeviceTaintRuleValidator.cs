using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.DeviceTaintRules;

internal sealed class DeviceTaintRuleValidator : IValidator<V1DeviceTaintRule>
{
    private const int MaximumConditions = 8;

    public void Validate(V1DeviceTaintRule item, FieldErrors errors) => Check(item, null, errors.At("spec"));

    public void ValidateUpdate(V1DeviceTaintRule next, V1DeviceTaintRule current, FieldErrors errors) => Check(next, current, errors.At("spec"));

    public void ValidateStatusUpdate(V1DeviceTaintRule next, V1DeviceTaintRule current, FieldErrors errors)
    {
        var place = errors.At("status").At("conditions");
        ConditionRules.Check(next.Status?.Conditions, place);
        if (next.Status?.Conditions?.Count > MaximumConditions)
        {
            place.TooMany(next.Status.Conditions.Count, MaximumConditions);
        }
    }

    private static void Check(V1DeviceTaintRule item, V1DeviceTaintRule? current, FieldErrors errors)
    {
        var (selector, place) = (item.Spec?.DeviceSelector, errors.At("deviceSelector"));
        if (selector?.Driver is { } driver)
        {
            CsiDriverNameRules.Check(driver, place.At("driver"));
        }

        if (selector?.Pool is { } pool)
        {
            DeviceNameRules.Pool(pool, place.At("pool"));
        }

        if (selector?.Device is { } device)
        {
            DeviceNameRules.Label(device, place.At("device"));
        }

        TaintRules.Taint(item.Spec?.Taint, current?.Spec?.Taint, errors.At("taint"));
    }
}

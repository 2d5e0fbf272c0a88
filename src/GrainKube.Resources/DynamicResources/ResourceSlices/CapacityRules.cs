using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

/// <summary>Rules for a device's capacity, and for the amounts of it that may be asked for.</summary>
internal static class CapacityRules
{
    private const int MaximumValues = 10;

    public static void Check(V1DeviceCapacity capacity, bool isShared, FieldErrors errors)
    {
        if (capacity.RequestPolicy is not { } policy)
        {
            return;
        }

        var place = errors.At("requestPolicy");
        if (!isShared)
        {
            place.Forbidden("allowMultipleAllocations must be true");
            return;
        }

        var (values, range, all) = (policy.ValidValues, policy.ValidRange, Of(capacity.Value));
        if (values is { Count: > 0 } && range is not null)
        {
            place.Forbidden("exactly one policy can be specified, cannot specify \"validValues\" and \"validRange\" at the same time");
        }
        else if (policy.DefaultProperty is null && (values is { Count: > 0 } || range is not null))
        {
            place.At("default").Required(range is null ? "required when validValues is defined" : "required when validRange is defined");
        }
        else if (values is { Count: > 0 })
        {
            Values(Of(policy.DefaultProperty), all, [.. values.Select(Of)], place.At("validValues"));
        }
        else if (range is not null)
        {
            Range(Of(policy.DefaultProperty), all, range, place.At("validRange"));
        }
    }

    private static void Values(Quantity usual, Quantity all, List<Quantity> values, FieldErrors errors)
    {
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i - 1] > values[i])
            {
                errors.At(i).Invalid(values[i].ToString(), "values must be sorted in ascending order");
            }
        }

        errors.EachOnce(values, MaximumValues, v => v.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), (value, place) =>
        {
            if (value > all)
            {
                place.Invalid(value.ToString(), $"option is larger than capacity value: {all}");
            }
        });
        if (!values.Contains(usual))
        {
            errors.Invalid(usual.ToString(), "default value is not valid according to the requestPolicy");
        }
    }

    private static void Range(Quantity usual, Quantity all, V1CapacityRequestPolicyRange range, FieldErrors errors)
    {
        if (range.Min is null)
        {
            errors.At("min").Required("required when validRange is defined");
            return;
        }

        var lowest = Of(range.Min);
        Not(lowest > all, "min", lowest, $"min is larger than capacity value: {all}");
        Not(usual < lowest, "default", usual, $"default is less than min: {lowest}");
        if (range.Max is not null)
        {
            var highest = Of(range.Max);
            Not(lowest > highest, "max", lowest, $"min is larger than max: {highest}");
            Not(highest > all, "max", highest, $"max is larger than capacity value: {all}");
            Not(usual > highest, "default", usual, $"default is more than max: {highest}");
        }

        if (range.Step is null)
        {
            return;
        }

        var step = Of(range.Step);
        if (step.Sign <= 0)
        {
            errors.At("step").Invalid(step.ToString(), "must be greater than zero");
            return;
        }

        Not(lowest + step > all, "step", step, $"one step {lowest + step} is larger than capacity value: {all}");
        Steps(usual);
        if (range.Max is not null)
        {
            Steps(Of(range.Max));
        }

        // Rounded up to whole numbers, a positive step is never zero.
        void Steps(Quantity value) => Not((value.Value - lowest.Value) % step.Value != 0, "step", value, $"value is not a multiple of a given step ({step}) from ({lowest})");

        void Not(bool isWrong, string field, Quantity value, string complaint)
        {
            if (isWrong)
            {
                errors.At(field).Invalid(value.ToString(), complaint);
            }
        }
    }

    private static Quantity Of(ResourceQuantity? quantity) => quantity is null ? Quantity.Zero : quantity.ToQuantity();
}

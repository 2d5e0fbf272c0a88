using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

/// <summary>Rules for a device that a driver offers. What is stored already is not looked at again where the rules grew.</summary>
internal static class DeviceRules
{
    private const int MaximumAttributesAndCapacities = 32;
    private const int MaximumValues = 48;
    private const int MaximumTaints = 16;
    private const int MaximumCounterSets = 2;

    public static void Check(V1Device device, V1Device? current, bool perDevice, FieldErrors errors)
    {
        DeviceNameRules.Label(device.Name, errors.At("name"));
        var count = (device.Attributes?.Count ?? 0) + (device.Capacity?.Count ?? 0);
        if (count > MaximumAttributesAndCapacities)
        {
            errors.Invalid(count, $"the total number of attributes and capacities must not exceed {MaximumAttributesAndCapacities}");
        }

        var values = (device.Attributes?.Values ?? []).Sum(AttributeRules.CountOf);
        if (values > MaximumValues)
        {
            errors.Invalid(values, $"the total number of attribute values must not exceed {MaximumValues}");
        }

        foreach (var (name, attribute) in device.Attributes ?? new Dictionary<string, V1DeviceAttribute>())
        {
            DeviceNameRules.Qualified(name, errors.At("attributes"));
            AttributeRules.Check(attribute, errors.At("attributes").Key(name));
        }

        if (current is null || !ModelEquality.AreSame(device.Capacity, current.Capacity))
        {
            foreach (var (name, capacity) in device.Capacity ?? new Dictionary<string, V1DeviceCapacity>())
            {
                DeviceNameRules.Qualified(name, errors.At("capacity"));
                CapacityRules.Check(capacity, device.AllowMultipleAllocations == true, errors.At("capacity").Key(name));
            }
        }

        if (current is null || !ModelEquality.AreSame(device.Taints, current.Taints))
        {
            errors.At("taints").Each(device.Taints, MaximumTaints, (taint, place) => TaintRules.Taint(taint, null, place));
        }

        errors.At("consumesCounters").EachOnce(
            device.ConsumesCounters, MaximumCounterSets, c => c.CounterSet ?? "", (use, place) => CounterRules.Check(use.CounterSet, use.Counters, "counterSet", place));
        NodeChoice.Check(device, perDevice, errors);
        BindingConditionRules.Check(device.BindingConditions, device.BindingFailureConditions, errors);
        NodeResourceRules.Check(device, errors.At("nodeAllocatableResources"));
    }
}

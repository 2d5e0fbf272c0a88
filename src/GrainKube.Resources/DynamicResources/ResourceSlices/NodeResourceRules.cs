using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

/// <summary>Rules for what a device takes of, or brings to, its node's own resources.</summary>
internal static class NodeResourceRules
{
    public static void Check(V1Device device, FieldErrors errors)
    {
        foreach (var (name, resource) in device.NodeAllocatableResources ?? new Dictionary<string, V1NodeAllocatableResource>())
        {
            var place = errors.Key(name);
            if (name is not ("cpu" or "memory" or "ephemeral-storage") && !ResourceNameRules.IsHugePages(name))
            {
                place.Invalid(name, "must be a node allocatable resource name");
            }

            if (resource.Mapping is null && resource.Overhead is null)
            {
                place.Required("at least one of mapping or overhead must be set");
            }

            if (resource.Mapping is { } mapping)
            {
                Mapping(mapping, device, place.At("mapping"));
            }

            if (resource.Overhead is { } overhead)
            {
                Overhead(overhead, place.At("overhead"));
            }
        }
    }

    private static void Mapping(V1NodeAllocatableMapping mapping, V1Device device, FieldErrors errors)
    {
        var (key, multiplier) = (errors.At("capacityKey"), errors.At("capacityMultiplier"));
        if (mapping.CapacityKey is { } name)
        {
            if (name.Length == 0)
            {
                key.Invalid("", "capacityKey must not be an empty string");
            }
            else if (device.Capacity?.ContainsKey(name) != true)
            {
                key.NotFound(name);
            }

            if (mapping.CapacityMultiplier is null)
            {
                multiplier.Required("capacityMultiplier is required when capacityKey is set");
            }
            else
            {
                Least(mapping.CapacityMultiplier, 1, "must be positive", multiplier);
            }
        }
        else if (mapping.CapacityMultiplier is not null)
        {
            key.Required("capacityKey is required when capacityMultiplier is set");
        }

        Least(mapping.DeviceMultiplier, 1, "must be positive", errors.At("deviceMultiplier"));
    }

    private static void Overhead(V1NodeAllocatableOverhead overhead, FieldErrors errors)
    {
        if (overhead.PerPod is null && overhead.PerContainer is null)
        {
            errors.Invalid("", "at least one of perPod or perContainer must be set");
        }

        Least(overhead.PerPod, 0, "must be non-negative", errors.At("perPod"));
        Least(overhead.PerContainer, 0, "must be non-negative", errors.At("perContainer"));
    }

    private static void Least(ResourceQuantity? quantity, int sign, string complaint, FieldErrors errors)
    {
        if (quantity is not null && quantity.ToQuantity().Sign < sign)
        {
            errors.Invalid(quantity.ToString(), complaint);
        }
    }
}

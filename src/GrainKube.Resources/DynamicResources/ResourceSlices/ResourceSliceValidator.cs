using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

internal sealed class ResourceSliceValidator : IValidator<V1ResourceSlice>
{
    private const int MaximumDevices = 128;
    private const int MaximumElaborateDevices = 64;
    private const int MaximumCounterSets = 8;

    public void Validate(V1ResourceSlice item, FieldErrors errors) => Check(item.Spec ?? new V1ResourceSliceSpec(), null, errors.At("spec"));

    public void ValidateUpdate(V1ResourceSlice next, V1ResourceSlice current, FieldErrors errors) =>
        Check(next.Spec ?? new V1ResourceSliceSpec(), current.Spec ?? new V1ResourceSliceSpec(), errors.At("spec"));

    public void Warn(V1ResourceSlice next, V1ResourceSlice? current, IList<string> warnings)
    {
        if (next.Spec?.Driver is { } driver && driver.Any(char.IsUpper))
        {
            warnings.Add($"spec.driver: driver names should be lowercase; \"{driver}\" contains uppercase characters");
        }
    }

    private static void Check(V1ResourceSliceSpec spec, V1ResourceSliceSpec? old, FieldErrors errors)
    {
        CsiDriverNameRules.Check(spec.Driver, errors.At("driver"));
        Pool(spec.Pool ?? new V1ResourcePool(), errors.At("pool"));
        if (old is not null)
        {
            errors.At("pool").At("name").Immutable(spec.Pool?.Name, old.Pool?.Name);
            errors.At("driver").Immutable(spec.Driver, old.Driver);
            errors.At("nodeName").Immutable(spec.NodeName, old.NodeName);
        }

        NodeChoice.Check(spec, errors);
        if (spec.SharedCounters is not null && spec.Devices is not null)
        {
            errors.Invalid("", "only one of `sharedCounters` or `devices` is allowed");
        }

        var maximum = (spec.Devices ?? []).Any(IsElaborate) ? MaximumElaborateDevices : MaximumDevices;
        var before = (old?.Devices ?? []).Where(d => d.Name is not null).GroupBy(d => d.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        errors.At("devices").EachOnce(spec.Devices, maximum, d => d.Name ?? "", (device, place) =>
            DeviceRules.Check(device, before.GetValueOrDefault(device.Name ?? ""), spec.PerDeviceNodeSelection == true, place));
        errors.At("sharedCounters").EachOnce(spec.SharedCounters, MaximumCounterSets, c => c.Name ?? "", (set, place) => CounterRules.Check(set.Name, set.Counters, "name", place));
        if (spec.PartitionTypeAttribute is { } attribute)
        {
            PartitionType(spec, attribute, errors);
        }

        BindingConditionRules.Skipped(spec.SkipNodeOperations, errors.At("skipNodeOperations"));
    }

    private static void Pool(V1ResourcePool pool, FieldErrors errors)
    {
        DeviceNameRules.Pool(pool.Name, errors.At("name"));
        if (pool.ResourceSliceCount <= 0)
        {
            errors.At("resourceSliceCount").Invalid(pool.ResourceSliceCount, "must be greater than zero");
        }

        if (pool.Generation < 0)
        {
            errors.At("generation").Invalid(pool.Generation, "must be greater than or equal to zero");
        }
    }

    private static bool IsElaborate(V1Device device) =>
        device.Taints is { Count: > 0 } || device.ConsumesCounters is { Count: > 0 } || (device.Attributes?.Values ?? []).Any(a => (a.Bools, a.Ints, a.Strings, a.Versions) != default);

    /// <summary>The attribute that tells parts of a device apart by kind: each part must have it.</summary>
    private static void PartitionType(V1ResourceSliceSpec spec, string attribute, FieldErrors errors)
    {
        var place = errors.At("partitionTypeAttribute");
        if (!(spec.Devices ?? []).Any(d => d.ConsumesCounters is { Count: > 0 }))
        {
            place.Invalid(attribute, "may only be set on a slice which declares devices that consume counters");
            return;
        }

        var format = place.Apart();
        DeviceNameRules.FullyQualified(attribute, format);
        if (!format.IsEmpty)
        {
            DeviceNameRules.FullyQualified(attribute, place);
            return;
        }

        // The driver's own attributes may be written without its domain.
        var bare = attribute.StartsWith(spec.Driver + "/", StringComparison.Ordinal) ? attribute[(spec.Driver.Length + 1)..] : attribute;
        for (var i = 0; i < spec.Devices!.Count; i++)
        {
            var (device, at) = (spec.Devices[i], errors.At("devices").At(i).At("attributes").Key(attribute));
            if (device.ConsumesCounters is not { Count: > 0 })
            {
                continue;
            }

            if (device.Attributes is null || !(device.Attributes.TryGetValue(attribute, out var value) || device.Attributes.TryGetValue(bare, out value)))
            {
                at.Required("device consumes counters and `partitionTypeAttribute` names this attribute, so it must be set");
            }
            else if (value.StringValue is null)
            {
                at.Invalid(value, "must be a string value because `partitionTypeAttribute` names this attribute");
            }
        }
    }
}

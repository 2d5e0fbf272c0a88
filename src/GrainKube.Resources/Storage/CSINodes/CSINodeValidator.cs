using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Storage.CSINodes;

internal sealed class CSINodeValidator : IValidator<V1CSINode>
{
    private const int LongestId = 256;

    public void Validate(V1CSINode item, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < item.Spec?.Drivers?.Count; i++)
        {
            Driver(item.Spec.Drivers[i], names, errors.At("spec").At("drivers").At(i));
        }
    }

    /// <summary>A driver that is there may only change how many volumes it takes.</summary>
    public void ValidateUpdate(V1CSINode next, V1CSINode current, FieldErrors errors)
    {
        Validate(next, errors);
        foreach (var old in current.Spec?.Drivers ?? [])
        {
            foreach (var now in (next.Spec?.Drivers ?? []).Where(d => d.Name == old.Name))
            {
                if (!JsonNode.DeepEquals(Fixed(now), Fixed(old)))
                {
                    errors.At("spec").At("drivers").Invalid(now, "field is immutable");
                }
            }
        }
    }

    private static JsonNode Fixed(V1CSINodeDriver driver)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(driver))!.AsObject();
        json.Remove("allocatable");
        return json;
    }

    private static void Driver(V1CSINodeDriver driver, HashSet<string> names, FieldErrors errors)
    {
        CsiDriverNameRules.Check(driver.Name, errors.At("name"));
        errors.At("nodeID").MustBeSet(driver.NodeID);
        if (driver.NodeID?.Length > LongestId)
        {
            errors.At("nodeID").Invalid(driver.NodeID, $"must be {LongestId} characters or less");
        }

        errors.At("allocatable").At("count").NotNegative(driver.Allocatable?.Count);
        if (!names.Add(driver.Name ?? ""))
        {
            errors.At("name").Duplicate(driver.Name);
        }

        // Upstream reports keys at the driver.
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in driver.TopologyKeys ?? [])
        {
            errors.MustBeSet(key);
            if (!keys.Add(key))
            {
                errors.Duplicate(key);
            }

            LabelRules.Key(key, errors);
        }
    }
}

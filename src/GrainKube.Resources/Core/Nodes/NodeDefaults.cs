using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Resources.Core.Nodes;

/// <summary>What can be allocated is everything, unless the node says less; the first of its ranges is the one that older clients know.</summary>
internal sealed class NodeDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        Ranges(item.Object("spec"));
        if (item.Object("status") is not { } status)
        {
            return;
        }

        ContainerDefaults.RoundToMilli(status.Object("capacity"));
        ContainerDefaults.RoundToMilli(status.Object("allocatable"));
        if (status["allocatable"] is null && status.Object("capacity") is { } capacity)
        {
            status["allocatable"] = capacity.DeepClone();
        }
    }

    private static void Ranges(JsonObject? spec)
    {
        var (single, list) = (spec.Text("podCIDR"), spec?["podCIDRs"] as JsonArray);
        if (spec is null || (single.Length == 0 && list is not { Count: > 0 }))
        {
            return;
        }

        if (single.Length == 0)
        {
            spec["podCIDR"] = list![0]?.DeepClone();
        }
        else if (list is not { Count: > 0 } || list[0]?.GetValue<string>() != single)
        {
            spec["podCIDRs"] = new JsonArray(single);
        }
    }
}

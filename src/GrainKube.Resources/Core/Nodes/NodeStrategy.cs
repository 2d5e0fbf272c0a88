using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Nodes;

/// <summary><c>podCIDR</c> and <c>podCIDRs</c> say the same.</summary>
internal sealed class NodeStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => SameRanges(item.Object("spec"));

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => SameRanges(next.Object("spec"));

    private static void SameRanges(JsonObject? spec)
    {
        if (spec.Text("podCIDR") is { Length: > 0 } single && spec!["podCIDRs"] is not JsonArray { Count: > 0 })
        {
            spec["podCIDRs"] = new JsonArray(single);
        }
        else if (spec?["podCIDRs"] is JsonArray { Count: > 0 } list && spec.Text("podCIDR").Length == 0)
        {
            spec["podCIDR"] = list[0]!.DeepClone();
        }
    }
}

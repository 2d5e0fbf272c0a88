using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.LimitRanges;

/// <summary>What is not said of a container follows from what is: its default from the maximum, its request from the default.</summary>
internal sealed class LimitRangeDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        foreach (var limit in item.Object("spec").Objects("limits").Where(l => l.Text("type") == "Container"))
        {
            Fill(limit, "default", "max");
            Fill(limit, "defaultRequest", "default");
            Fill(limit, "defaultRequest", "min");
        }
    }

    private static void Fill(JsonObject limit, string name, string from)
    {
        foreach (var (resource, quantity) in limit.Object(from) ?? [])
        {
            limit.Ensure(name)[resource] ??= quantity?.DeepClone();
        }
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

internal sealed class ResourceSliceStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => Stamp(item, scope);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => Stamp(next, scope);

    private static void Stamp(JsonObject item, WriteScope scope)
    {
        foreach (var taint in item.Object("spec").Objects("devices").SelectMany(d => d.Objects("taints")))
        {
            TaintTime.Stamp(taint, scope);
        }
    }
}

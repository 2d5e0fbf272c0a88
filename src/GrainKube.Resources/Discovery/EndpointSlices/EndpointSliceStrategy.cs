using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Discovery.EndpointSlices;

/// <summary>What v1beta1 knew of an endpoint's place in the world can be read in v1, but not written.</summary>
internal sealed class EndpointSliceStrategy : IStrategy
{
    public void PrepareForCreate(JsonObject item, WriteScope scope) => Drop(item);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => Drop(next);

    private static void Drop(JsonObject item)
    {
        foreach (var endpoint in item.Objects("endpoints"))
        {
            endpoint.Remove("deprecatedTopology");
        }
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Discovery.EndpointSlices;

internal sealed class EndpointSliceDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        foreach (var port in item.Objects("ports"))
        {
            port["name"] ??= "";
            port.DefaultAbsentTo("protocol", "TCP");
        }
    }
}

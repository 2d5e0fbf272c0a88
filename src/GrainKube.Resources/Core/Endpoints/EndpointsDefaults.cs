using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Endpoints;

internal sealed class EndpointsDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        foreach (var port in item.Objects("subsets").SelectMany(s => s.Objects("ports")))
        {
            port.DefaultTo("protocol", "TCP");
        }
    }
}

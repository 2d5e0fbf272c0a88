using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.ApiRegistration.APIServices;

internal sealed class APIServiceDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        item.Object("spec").Object("service")?.DefaultTo("port", 443);
    }
}

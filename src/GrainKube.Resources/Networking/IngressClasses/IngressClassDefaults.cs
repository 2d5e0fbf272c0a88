using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Networking.IngressClasses;

internal sealed class IngressClassDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        item.Object("spec").Object("parameters")?.DefaultTo("scope", "Cluster");
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

internal sealed class CustomResourceDefinitionDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        var spec = item.Ensure("spec");
        if (spec.Object("names") is { } names && names.Text("kind") is { Length: > 0 } kind)
        {
            names.DefaultTo("singular", kind.ToLowerInvariant());
            names.DefaultTo("listKind", kind + "List");
        }

        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        spec.Object("conversion").Object("webhook").Object("clientConfig").Object("service")?.DefaultTo("port", 443);
    }
}

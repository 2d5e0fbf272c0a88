using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Namespaces;

/// <summary>Every namespace carries its own name as a label, so that selectors can choose it.</summary>
internal sealed class NamespaceDefaults : IDefaults
{
    public void Apply(JsonObject item)
    {
        if (item.Object("metadata").Text("name") is { Length: > 0 } name)
        {
            item.Ensure("metadata").Ensure("labels")["kubernetes.io/metadata.name"] = name;
        }

        item.Ensure("status").DefaultTo("phase", "Active");
    }
}

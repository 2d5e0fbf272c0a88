using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>What an object inside an object must have (<c>x-kubernetes-embedded-resource</c>).</summary>
internal static class EmbeddedResources
{
    public static void Check(JsonObject item, FieldErrors at)
    {
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            if (item[name] is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length == 0)
            {
                at.At(name).Required("must not be empty");
            }
        }
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>One of <c>spec.versions</c>.</summary>
internal sealed class CustomVersionSpec(JsonObject source)
{
    public string Name { get; } = (string)source["name"]!;

    public bool IsServed { get; } = (bool?)source["served"] == true;

    public bool IsDeprecated { get; } = (bool?)source["deprecated"] == true;

    /// <summary>What users are warned of in place of upstream's words.</summary>
    public string? DeprecationWarning { get; } = (string?)source["deprecationWarning"];

    /// <summary><c>openAPIV3Schema</c>.</summary>
    public JsonObject? Schema { get; } = source["schema"]?["openAPIV3Schema"] as JsonObject;

    public bool HasStatus { get; } = source["subresources"]?["status"] is not null;

    public ScaleMapping? Scale { get; } = source["subresources"]?["scale"] is JsonObject scale
        ? new ScaleMapping(Path(scale, "specReplicasPath")!, Path(scale, "statusReplicasPath")!, Path(scale, "labelSelectorPath"))
        : null;

    public IReadOnlyList<JsonObject> Columns { get; } = [.. (source["additionalPrinterColumns"] as JsonArray)?.OfType<JsonObject>() ?? []];

    public IReadOnlyList<string> SelectableFields { get; } = [.. (source["selectableFields"] as JsonArray)?.Select(f => (string)f!["jsonPath"]!) ?? []];

    private static string? Path(JsonObject scale, string name) => ((string?)scale[name])?.TrimStart('.');
}

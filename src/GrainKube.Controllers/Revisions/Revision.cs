using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.Revisions;

/// <summary>One ControllerRevision as the plans see it.</summary>
/// <param name="Item">The object.</param>
/// <param name="Number">Its place in the history; the newest has the highest.</param>
/// <param name="Data">What it remembers.</param>
internal sealed record Revision(KubeObject Item, long Number, JsonNode? Data)
{
    public string Name => Item.Header.Name;

    public static Revision Of(KubeObject item)
    {
        var node = item.ToNode();
        return new Revision(item, (long?)node["revision"] ?? 0, node["data"]);
    }
}

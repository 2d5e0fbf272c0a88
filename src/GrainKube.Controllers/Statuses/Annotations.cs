using System.Text.Json.Nodes;

namespace GrainKube.Controllers.Statuses;

/// <summary>Merge patches of annotations.</summary>
internal static class Annotations
{
    public static JsonObject Removed(string name) => new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = null } } };
}

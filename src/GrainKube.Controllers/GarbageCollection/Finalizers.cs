using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.GarbageCollection;

/// <summary>The two finalizers that the garbage collector serves.</summary>
internal static class Finalizers
{
    public const string Orphan = "orphan";
    public const string Foreground = "foregroundDeletion";

    /// <summary>A merge patch that takes one finalizer away.</summary>
    public static JsonObject Without(KubeObject item, string finalizer) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["finalizers"] = new JsonArray([.. item.Header.Finalizers.Where(f => f != finalizer).Select(f => (JsonNode)f)]),
        },
    };
}

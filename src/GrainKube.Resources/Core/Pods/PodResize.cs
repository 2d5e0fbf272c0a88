using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>pods/resize</c>: changes the resources of the containers of a pod, and nothing else.</summary>
internal static class PodResize
{
    public static readonly Subresource Subresource = new()
    {
        Name = "resize",
        Group = "",
        Version = "v1",
        Kind = "Pod",
        Verbs = ["get", "patch", "update"],
        Apply = Resize,
    };

    private static void Resize(JsonObject pod, JsonObject body, WriteScope scope)
    {
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var wanted = (body["spec"]?[list] as JsonArray ?? []).OfType<JsonObject>().ToLookup(c => (string?)c["name"]);
            foreach (var container in (pod["spec"]?[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (wanted[(string?)container["name"]].FirstOrDefault() is { } resized)
                {
                    container.CarryOver("resources", resized);
                    container.CarryOver("resizePolicy", resized);
                }
            }
        }
    }
}

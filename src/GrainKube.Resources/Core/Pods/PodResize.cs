using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>pods/resize</c>: changes the resources of a pod and of its containers, and nothing else.</summary>
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
        if (pod["spec"] is not JsonObject spec)
        {
            return;
        }

        spec.CarryOver("resources", body.Object("spec"));
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var present = spec.Objects(list).ToLookup(c => c.Text("name"));
            var wanted = body.Object("spec").Objects(list).Select(resized => Resized(present[resized.Text("name")].FirstOrDefault(), resized)).ToArray();
            if (wanted.Length > 0)
            {
                spec[list] = new JsonArray(wanted);
            }
            else
            {
                spec.Remove(list);
            }
        }
    }

    /// <summary>What is there with the new resources. A container that is not there stays as the body has it, and all stay in its order: validation refuses both.</summary>
    private static JsonObject Resized(JsonObject? present, JsonObject resized)
    {
        var container = (JsonObject)(present ?? resized).DeepClone();
        container.CarryOver("resources", resized);
        container.CarryOver("resizePolicy", resized);
        return container;
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.Kubelet.Plans;
using k8s.Models;

namespace GrainKube.Kubelet.Pods;

/// <summary>What events about a resize say: the resources of all containers that can be resized, as JSON.</summary>
internal static class ResizeMessage
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="spec">The pod with the resources asked for.</param>
    /// <param name="generation">Of the pod.</param>
    /// <param name="error">Why not; empty where all is well.</param>
    public static string Of(V1PodSpec spec, long generation, string error = "")
    {
        var text = Resources(spec);
        text["generation"] = generation;
        if (error.Length > 0)
        {
            text["error"] = error;
        }

        return text.ToJsonString(Relaxed);
    }

    private static JsonObject Resources(V1PodSpec spec)
    {
        var text = new JsonObject();
        if ((spec.InitContainers ?? []).Where(c => c.IsSidecar()).ToList() is { Count: > 0 } sidecars)
        {
            text["initContainers"] = List(sidecars);
        }

        text["containers"] = List(spec.Containers);
        return text;
    }

    private static JsonArray List(IEnumerable<V1Container> containers) => new([.. containers.Select(Entry)]);

    private static JsonNode Entry(V1Container container)
    {
        var resources = new JsonObject();
        Add(resources, "limits", container.Resources?.Limits);
        Add(resources, "requests", container.Resources?.Requests);
        return new JsonObject { ["name"] = container.Name, ["resources"] = resources };
    }

    private static void Add(JsonObject resources, string kind, IDictionary<string, ResourceQuantity>? amounts)
    {
        if (amounts is { Count: > 0 })
        {
            resources[kind] = new JsonObject(amounts.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value.ToString())));
        }
    }
}

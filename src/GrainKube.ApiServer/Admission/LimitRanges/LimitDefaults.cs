using System.Text.Json.Nodes;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.LimitRanges;

/// <summary>Fills in requests and limits that containers leave unsaid, and notes it in the pod's annotation as upstream does. Pure.</summary>
internal static class LimitDefaults
{
    private const string Annotation = "kubernetes.io/limit-ranger";
    private const string Prefix = "LimitRanger plugin set: ";

    public static void Apply(JsonObject pod, V1LimitRangeItem item)
    {
        var notes = new List<string>();
        Fill(pod["spec"]?["containers"] as JsonArray, "container", item, notes);
        Fill(pod["spec"]?["initContainers"] as JsonArray, "init container", item, notes);
        if (notes.Count == 0)
        {
            return;
        }

        var metadata = Ensure(pod, "metadata");
        var annotations = Ensure(metadata, "annotations");
        var text = string.Join("; ", notes);
        annotations[Annotation] = (string?)annotations[Annotation] is { Length: > 0 } before ? $"{before}; {text}" : Prefix + text;
    }

    private static void Fill(JsonArray? containers, string what, V1LimitRangeItem item, List<string> notes)
    {
        foreach (var container in (containers ?? []).OfType<JsonObject>())
        {
            var resources = container["resources"] as JsonObject ?? [];
            Note(Missing(resources, "requests", item.DefaultRequest), $"request for {what} {container["name"]}", notes);
            Note(Missing(resources, "limits", item.DefaultProperty), $"limit for {what} {container["name"]}", notes);
            if (resources.Count > 0 && container["resources"] is null)
            {
                container["resources"] = resources;
            }
        }
    }

    private static List<string> Missing(JsonObject resources, string list, IDictionary<string, ResourceQuantity>? defaults)
    {
        var set = new List<string>();
        foreach (var (name, amount) in (defaults ?? new Dictionary<string, ResourceQuantity>()).OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            if (resources[list]?[name] is null)
            {
                Ensure(resources, list)[name] = amount.ToString();
                set.Add(name);
            }
        }

        return set;
    }

    private static void Note(List<string> names, string what, List<string> notes)
    {
        if (names.Count > 0)
        {
            notes.Add($"{string.Join(", ", names)} {what}");
        }
    }

    private static JsonObject Ensure(JsonObject item, string name)
    {
        if (item[name] is not JsonObject inner)
        {
            item[name] = inner = [];
        }

        return inner;
    }
}

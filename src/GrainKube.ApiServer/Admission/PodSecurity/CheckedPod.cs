using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>A pod, or what a workload makes pods of, as the checks look at it.</summary>
internal sealed class CheckedPod
{
    public CheckedPod(JsonObject? metadata, JsonObject spec)
    {
        Spec = spec;
        Annotations = metadata?["annotations"] as JsonObject ?? [];
        Security = spec["securityContext"] as JsonObject;
        Containers = [.. new[] { "initContainers", "containers", "ephemeralContainers" }.SelectMany(list => spec[list] as JsonArray ?? []).OfType<JsonObject>().Select(c => new CheckedContainer(c))];
    }

    public JsonObject Spec { get; }
    public JsonObject Annotations { get; }
    public JsonObject? Security { get; }

    /// <summary>All of the pod: initial ones, its own, ephemeral ones.</summary>
    public IReadOnlyList<CheckedContainer> Containers { get; }

    public bool IsWindows => (string?)Spec["os"]?["name"] == "windows";

    /// <summary>Its root is nobody on the node.</summary>
    public bool HasOwnUsers => Spec["hostUsers"] is JsonValue value && !(bool)value;

    public IEnumerable<JsonObject> Volumes => (Spec["volumes"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The pod that an object of one of the workload kinds makes, or null where it has no template.</summary>
    public static CheckedPod? OfWorkload(string resource, JsonObject item)
    {
        var template = resource switch
        {
            "podtemplates" => item["template"],
            "cronjobs" => item["spec"]?["jobTemplate"]?["spec"]?["template"],
            _ => item["spec"]?["template"],
        };
        return template?["spec"] is JsonObject spec ? new CheckedPod(template["metadata"] as JsonObject, spec) : null;
    }
}

/// <summary>One container of a <see cref="CheckedPod"/>.</summary>
internal sealed class CheckedContainer(JsonObject container)
{
    public string Name { get; } = (string?)container["name"] ?? "";
    public JsonObject Json { get; } = container;
    public JsonObject? Security { get; } = container["securityContext"] as JsonObject;
}

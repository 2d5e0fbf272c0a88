using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>The claims of a stateful set's pods. Pure.</summary>
internal static class StatefulClaims
{
    public static IReadOnlyList<JsonObject> TemplatesOf(JsonNode set) => [.. (set["spec"]?["volumeClaimTemplates"] as JsonArray ?? []).OfType<JsonObject>()];

    public static string TemplateName(JsonNode template) => (string?)template["metadata"]?["name"] ?? "";

    /// <summary>For example <c>data-web-0</c>.</summary>
    public static string NameOf(string template, string set, int ordinal) => $"{template}-{Ordinals.NameOf(set, ordinal)}";

    /// <summary>The claim of a pod that does not exist yet, labelled as the set selects.</summary>
    public static JsonObject New(KubeObject set, JsonNode node, JsonNode template, int ordinal)
    {
        var labels = template["metadata"]?["labels"]?.DeepClone() as JsonObject ?? [];
        foreach (var (label, value) in node["spec"]?["selector"]?["matchLabels"] as JsonObject ?? [])
        {
            labels[label] = value?.DeepClone();
        }

        var metadata = new JsonObject
        {
            ["name"] = NameOf(TemplateName(template), set.Header.Name, ordinal),
            ["namespace"] = set.Key.Namespace,
            ["labels"] = labels,
        };
        if (template["metadata"]?["annotations"] is { } annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
    }

    /// <summary>
    /// Who must own a claim so that it goes when the retention policy says: the set, the pod that is scaled away, or nobody.
    /// </summary>
    public static KubeObject? OwnerOf(V1StatefulSetPersistentVolumeClaimRetentionPolicy? policy, KubeObject set, KubeObject? pod, bool isWanted)
    {
        var (deleted, scaled) = (policy?.WhenDeleted == "Delete", policy?.WhenScaled == "Delete");
        return scaled && !isWanted ? pod : deleted && (isWanted || !scaled) ? set : null;
    }

    /// <summary>The claim belongs to an earlier pod of that name and goes with it, or is going already: its successor must wait.</summary>
    public static bool IsLeaving(KubeObject claim, string pod) =>
        claim.Header.DeletionTimestamp is not null || claim.Header.Owners.Any(o => o.Kind == "Pod" && o.ApiVersion == "v1" && o.Name == pod);

    /// <summary>The claim's owners with exactly <paramref name="owner"/> of this set and its pod among them; null where nothing is to be changed.</summary>
    /// <remarks>A claim that somebody else controls gets no further controller.</remarks>
    public static JsonArray? Owners(KubeObject claim, KubeObject? owner, KubeObject set, string pod)
    {
        var foreign = claim.Header.Controller is { } controller && !IsOurs(controller.Kind, controller.Name);
        var wanted = foreign ? null : owner;
        var ours = claim.Header.Owners.Where(o => IsOurs(o.Kind, o.Name)).ToList();
        if (wanted is null ? ours.Count == 0 : ours is [{ Controller: true } one] && one.Uid == wanted.Header.Uid)
        {
            return null;
        }

        var kept = (claim.ToNode()["metadata"]?["ownerReferences"] as JsonArray ?? []).Where(o => !IsOurs((string?)o?["kind"], (string?)o?["name"])).Select(o => o?.DeepClone());
        var owners = new JsonArray([.. kept]);
        if (wanted is not null)
        {
            owners.Add((JsonNode)Ownership.OwnerReferences.ControllerOf(wanted));
        }

        return owners;

        bool IsOurs(string? kind, string? name) => (kind == "StatefulSet" && name == set.Header.Name) || (kind == "Pod" && name == pod);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.PodTemplates;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>Pods of a stateful set: a name that stays, a host name, and the claims that go with it.</summary>
internal static class StatefulPodTemplate
{
    /// <param name="set">The set.</param>
    /// <param name="node">Its JSON.</param>
    /// <param name="template">The pod template of the revision that the pod is made from.</param>
    /// <param name="revision">Name of that revision.</param>
    /// <param name="ordinal">Which pod.</param>
    public static JsonObject Pod(KubeObject set, JsonNode node, JsonNode template, string revision, int ordinal)
    {
        var name = Ordinals.NameOf(set.Header.Name, ordinal);
        var pod = PodsFromTemplate.Pod(set, template);
        var metadata = pod["metadata"]!;
        metadata["name"] = name;
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        Identify(labels, name, ordinal);
        labels[StatefulSetLabels.Revision] = revision;
        var spec = (JsonObject)pod["spec"]!;
        spec["hostname"] = name;
        if ((string?)node["spec"]?["serviceName"] is { Length: > 0 } service)
        {
            spec["subdomain"] = service;
        }

        MountClaims(spec, StatefulClaims.TemplatesOf(node), set.Header.Name, ordinal);
        return pod;
    }

    /// <summary>Labels that the pod should have and has not; null where all is well.</summary>
    public static JsonObject? MissingIdentity(KubeObject pod, int ordinal)
    {
        var labels = new JsonObject();
        Identify(labels, pod.Header.Name, ordinal);
        return labels.All(l => pod.Header.Labels.TryGetValue(l.Key, out var value) && value == (string?)l.Value) ? null : labels;
    }

    private static void Identify(JsonObject labels, string name, int ordinal)
    {
        labels[StatefulSetLabels.PodName] = name;
        labels[StatefulSetLabels.PodIndex] = ordinal.ToString(CultureInfo.InvariantCulture);
    }

    // A claim takes the place of the template's volume of the same name.
    private static void MountClaims(JsonObject spec, IReadOnlyList<JsonObject> claims, string set, int ordinal)
    {
        if (claims.Count == 0)
        {
            return;
        }

        var volumes = new JsonArray();
        foreach (var claim in claims)
        {
            var volume = StatefulClaims.TemplateName(claim);
            volumes.Add((JsonNode)new JsonObject
            {
                ["name"] = volume,
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = StatefulClaims.NameOf(volume, set, ordinal) },
            });
        }

        foreach (var volume in spec["volumes"] as JsonArray ?? [])
        {
            if (!claims.Any(c => StatefulClaims.TemplateName(c) == (string?)volume?["name"]))
            {
                volumes.Add(volume?.DeepClone());
            }
        }

        spec["volumes"] = volumes;
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.Kubelet.StaticPods;

/// <summary>A manifest of a static pod, as the pod that the API shows for it. Pure.</summary>
internal static class StaticPodFile
{
    public const string Source = "kubernetes.io/config.source";
    public const string Mirror = "kubernetes.io/config.mirror";
    private const string Hash = "kubernetes.io/config.hash";
    private const string Seen = "kubernetes.io/config.seen";

    /// <param name="content">YAML or JSON of one pod.</param>
    /// <param name="node">The node's name; it ends the pod's.</param>
    /// <param name="nodeUid">The node's uid: it owns the pod.</param>
    /// <param name="seen">When the manifest was found.</param>
    /// <exception cref="FormatException">No pod, or one without a name.</exception>
    public static JsonObject Read(byte[] content, string node, string nodeUid, string seen)
    {
        if (Parse(content) is not JsonObject pod || (string?)pod["kind"] != "Pod" || (string?)pod["apiVersion"] != "v1")
        {
            throw new FormatException("the file holds no v1 Pod");
        }

        if (pod["metadata"] is not JsonObject metadata || (string?)metadata["name"] is not { Length: > 0 } name || pod["spec"] is not JsonObject spec)
        {
            throw new FormatException("the pod has no name or no spec");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16));
        var annotations = metadata["annotations"] as JsonObject ?? [];
        (annotations[Hash], annotations[Mirror], annotations[Source], annotations[Seen]) = (hash, hash, "file", seen);
        metadata["annotations"] = annotations;
        metadata["name"] = $"{name}-{node}";
        metadata["namespace"] = (string?)metadata["namespace"] is { Length: > 0 } ns ? ns : "default";
        metadata.Remove("uid");
        metadata["ownerReferences"] = new JsonArray
        {
            new JsonObject { ["apiVersion"] = "v1", ["controller"] = true, ["kind"] = "Node", ["name"] = node, ["uid"] = nodeUid },
        };
        spec["nodeName"] = node;
        var tolerations = spec["tolerations"] as JsonArray;
        if (tolerations is null)
        {
            spec["tolerations"] = tolerations = [];
        }

        // It belongs to the node whatever befalls the node.
        tolerations.Add(new JsonObject { ["effect"] = "NoExecute", ["operator"] = "Exists" });
        pod.Remove("status");
        return pod;
    }

    private static JsonNode? Parse(byte[] content)
    {
        try
        {
            return JsonNode.Parse(YamlJson.Convert(content)); // JSON is YAML too
        }
        catch (Exception broken) when (broken is ApiException or JsonException)
        {
            throw new FormatException(broken.Message, broken);
        }
    }
}

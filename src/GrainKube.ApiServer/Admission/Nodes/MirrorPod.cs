using System.Text.Json.Nodes;
using GrainKube.ApiServer.Authorization.Nodes;

namespace GrainKube.ApiServer.Admission.Nodes;

/// <summary>The only pods that a node makes: those that show what it runs from its own files.</summary>
internal static class MirrorPod
{
    private const string Annotation = "kubernetes.io/config.mirror";

    /// <summary>What keeps the node from making this pod, or null.</summary>
    public static string? Complaint(JsonObject pod, string node, Func<string?> uidOfNode)
    {
        if (pod["metadata"]?["annotations"]?[Annotation] is null)
        {
            return $"pod does not have \"{Annotation}\" annotation, node \"{node}\" can only create mirror pods";
        }

        if ((string?)pod["spec"]?["nodeName"] != node)
        {
            return $"node \"{node}\" can only create pods with spec.nodeName set to itself";
        }

        return (pod["metadata"]?["ownerReferences"] as JsonArray ?? []) switch
        {
            { Count: 0 } => $"node \"{node}\" can only create pods with an owner reference set to itself",
            { Count: > 1 } => $"node \"{node}\" can only create pods with a single owner reference set to itself",
            [var owner] => Owner(owner, node, uidOfNode) ?? References(pod, node),
            _ => null,
        };
    }

    private static string? Owner(JsonNode? owner, string node, Func<string?> uidOfNode)
    {
        if ((string?)owner?["apiVersion"] != "v1" || (string?)owner["kind"] != "Node" || (string?)owner["name"] != node)
        {
            return $"node \"{node}\" can only create pods with an owner reference set to itself";
        }

        if ((bool?)owner["controller"] != true)
        {
            return $"node \"{node}\" can only create pods with a controller owner reference set to itself";
        }

        if ((bool?)owner["blockOwnerDeletion"] == true)
        {
            return $"node \"{node}\" must not set blockOwnerDeletion on an owner reference";
        }

        var uid = uidOfNode();
        return uid is null ? $"error looking up node {node} to verify uid: nodes \"{node}\" not found"
            : uid != (string?)owner["uid"] ? $"node {node} UID mismatch: expected {(string?)owner["uid"]} got {uid}"
            : null;
    }

    private static string? References(JsonObject pod, string node)
    {
        var references = PodReferences.OfSpec(pod);
        var volumes = (pod["spec"]?["volumes"] as JsonArray ?? []).ToArray();
        var what = references.Account.Length > 0 ? "a service account"
            : references.Secrets.Count > 0 ? "secrets"
            : references.ConfigMaps.Count > 0 ? "configmaps"
            : volumes.Any(v => (v?["projected"]?["sources"] as JsonArray ?? []).Any(s => s?["clusterTrustBundle"] is not null)) ? "clustertrustbundles"
            : volumes.Any(v => v?["persistentVolumeClaim"] is not null) ? "persistentvolumeclaims"
            : null;
        return what is null ? null : $"node \"{node}\" can not create pods that reference {what}";
    }
}

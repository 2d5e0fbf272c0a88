using System.Text.Json.Nodes;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>A volume's <c>spec.claimRef</c>.</summary>
public static class ClaimReference
{
    /// <summary>Names a claim, so that no later one of the same name is taken for it.</summary>
    public static JsonObject To(V1PersistentVolumeClaim claim) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolumeClaim",
        ["namespace"] = claim.Metadata.NamespaceProperty,
        ["name"] = claim.Metadata.Name,
        ["uid"] = claim.Metadata.Uid,
        ["resourceVersion"] = claim.Metadata.ResourceVersion,
    };
}

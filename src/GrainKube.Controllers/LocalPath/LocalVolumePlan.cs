using System.Text.Json.Nodes;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Controllers.LocalPath;

/// <summary>What a claim may ask of a directory on one node, and the volume that is made for it. Pure.</summary>
internal static class LocalVolumePlan
{
    private static readonly string[] Modes = ["ReadWriteOnce", "ReadWriteOncePod"];

    /// <summary>True where it is this provisioner's turn: the binder asked, and the node is known where the class waits for one.</summary>
    public static bool IsDue(V1PersistentVolumeClaim claim, V1StorageClass item) =>
        claim.Metadata.DeletionTimestamp is null
        && string.IsNullOrEmpty(claim.Spec.VolumeName)
        && item.Provisioner == LocalPath.Provisioner
        && VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.Provisioner) == LocalPath.Provisioner
        && (item.VolumeBindingMode != "WaitForFirstConsumer" || VolumeFacts.Annotation(claim.Metadata, VolumeAnnotations.SelectedNode) is not null);

    /// <summary>Why the claim cannot be served; null where it can.</summary>
    public static string? Objection(V1PersistentVolumeClaim claim) =>
        claim.Spec.Selector is not null ? "claim.Spec.Selector is not supported"
        : claim.Spec.VolumeMode == "Block" ? "block volumes are not supported"
        : claim.Spec.AccessModes?.FirstOrDefault(m => !Modes.Contains(m)) is { } mode ? $"access mode {mode} is not supported: the volume is a directory on one node, {string.Join(" or ", Modes)} are"
        : null;

    public static string NameFor(V1PersistentVolumeClaim claim) => $"pvc-{claim.Metadata.Uid}";

    /// <param name="claim">The claim.</param>
    /// <param name="item">Its class.</param>
    /// <param name="hostname">Value of the node's label <c>kubernetes.io/hostname</c>.</param>
    /// <param name="path">The directory there.</param>
    public static JsonObject VolumeFor(V1PersistentVolumeClaim claim, V1StorageClass item, string hostname, string path)
    {
        var spec = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = claim.Spec.Resources.Requests["storage"].ToString() },
            ["accessModes"] = Texts(claim.Spec.AccessModes),
            ["persistentVolumeReclaimPolicy"] = item.ReclaimPolicy ?? "Delete",
            ["storageClassName"] = item.Metadata.Name,
            ["volumeMode"] = "Filesystem",
            ["claimRef"] = ClaimReference.To(claim),
            ["local"] = new JsonObject { ["path"] = path },
            ["nodeAffinity"] = new JsonObject
            {
                ["required"] = new JsonObject
                {
                    ["nodeSelectorTerms"] = new JsonArray(new JsonObject
                    {
                        ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = "kubernetes.io/hostname", ["operator"] = "In", ["values"] = new JsonArray(hostname) }),
                    }),
                },
            },
        };
        if (item.MountOptions is { Count: > 0 } options)
        {
            spec["mountOptions"] = Texts(options);
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject
            {
                ["name"] = NameFor(claim),
                ["annotations"] = new JsonObject { [VolumeAnnotations.ProvisionedBy] = LocalPath.Provisioner },
                ["finalizers"] = new JsonArray(LocalPath.Finalizer, VolumeAnnotations.VolumeProtection),
            },
            ["spec"] = spec,
        };
    }

    private static JsonArray Texts(IEnumerable<string>? texts) => new([.. (texts ?? []).Select(t => JsonValue.Create(t))]);
}

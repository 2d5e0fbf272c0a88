using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>What binder, provisioner and scheduler ask of claims, volumes and classes.</summary>
public static class VolumeFacts
{
    /// <summary>The class that a claim asks for: empty for none on purpose, null where it says nothing.</summary>
    public static string? ClassOf(V1PersistentVolumeClaim claim) => Annotation(claim.Metadata, VolumeAnnotations.BetaClass) ?? claim.Spec?.StorageClassName;

    /// <summary>The class of a volume; empty for none.</summary>
    public static string ClassOf(V1PersistentVolume volume) => Annotation(volume.Metadata, VolumeAnnotations.BetaClass) ?? volume.Spec?.StorageClassName ?? "";

    public static bool IsDefault(V1StorageClass item) =>
        Annotation(item.Metadata, VolumeAnnotations.DefaultClass) == "true" || Annotation(item.Metadata, VolumeAnnotations.BetaDefaultClass) == "true";

    /// <summary>The class that claims get that name none: the youngest of those marked so, then the first by name.</summary>
    public static V1StorageClass? DefaultOf(IEnumerable<V1StorageClass> classes) => classes
        .Where(IsDefault)
        .OrderByDescending(c => c.Metadata.CreationTimestamp ?? DateTime.MinValue)
        .ThenBy(c => c.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>The claim is bound for good, as the binder says it.</summary>
    public static bool IsFullyBound(V1PersistentVolumeClaim claim) =>
        !string.IsNullOrEmpty(claim.Spec?.VolumeName) && Annotation(claim.Metadata, VolumeAnnotations.BindCompleted) is not null;

    /// <summary>The volume is meant for this claim: by name, and by uid where it says one.</summary>
    public static bool IsFor(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        volume.Spec?.ClaimRef is { } claimRef
        && claimRef.Name == claim.Metadata.Name
        && claimRef.NamespaceProperty == claim.Metadata.NamespaceProperty
        && (string.IsNullOrEmpty(claimRef.Uid) || claimRef.Uid == claim.Metadata.Uid);

    public static Quantity StorageOf(IDictionary<string, ResourceQuantity>? amounts) =>
        amounts is not null && amounts.TryGetValue("storage", out var amount) ? amount.ToQuantity() : Quantity.Zero;

    public static string? Annotation(V1ObjectMeta? metadata, string name) =>
        metadata?.Annotations is { } annotations && annotations.TryGetValue(name, out var value) ? value : null;
}

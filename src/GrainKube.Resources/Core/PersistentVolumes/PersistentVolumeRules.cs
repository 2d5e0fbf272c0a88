using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Rules for what a persistent volume is, by itself or inside an attachment.</summary>
internal static class PersistentVolumeRules
{
    private const string OfInline = "may not be specified in the context of inline volumes";

    public static void Check(V1PersistentVolumeSpec spec, string name, FieldErrors errors)
    {
        AccessModeRules.Check(spec.AccessModes, "", errors.At("accessModes"));
        Capacity(spec.Capacity, errors.At("capacity"));
        if (!string.IsNullOrEmpty(spec.PersistentVolumeReclaimPolicy))
        {
            errors.At("persistentVolumeReclaimPolicy").OneOf(spec.PersistentVolumeReclaimPolicy, "Delete", "Recycle", "Retain");
        }

        if (spec.NodeAffinity is { Required: null })
        {
            errors.At("nodeAffinity").At("required").Required("must specify required node constraints");
        }
        else if (spec.NodeAffinity is { } affinity)
        {
            AffinityRules.NodeSelector(affinity.Required, errors.At("nodeAffinity").At("required"));
        }

        VolumeSourceRules.Check(spec, name, errors);
        if (!string.IsNullOrEmpty(spec.StorageClassName))
        {
            errors.At("storageClassName").Report(spec.StorageClassName, NameRules.DnsSubdomain(spec.StorageClassName));
        }

        errors.At("volumeMode").OneOf(spec.VolumeMode, "Block", "Filesystem");
        AttributesClass(spec, errors);
    }

    /// <summary>A volume that has no object of its own.</summary>
    public static void Inline(V1PersistentVolumeSpec spec, FieldErrors errors)
    {
        ForbidIf(spec.ClaimRef is not null, "claimRef", OfInline);
        ForbidIf(spec.Capacity is { Count: > 0 }, "capacity", OfInline);
        if (spec.Csi is null)
        {
            errors.At("csi").Required("has to be specified in the context of inline volumes");
        }

        AccessModeRules.Check(spec.AccessModes, "", errors.At("accessModes"));
        ForbidIf(spec.PersistentVolumeReclaimPolicy is not (null or "" or "Retain"), "persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes");
        ForbidIf(spec.NodeAffinity is not null, "nodeAffinity", OfInline);
        VolumeSourceRules.Check(spec, "", errors);
        ForbidIf(!string.IsNullOrEmpty(spec.StorageClassName), "storageClassName", OfInline);
        ForbidIf(spec.VolumeMode is not (null or "Filesystem"), "volumeMode", "may not specify volumeMode other than Filesystem in the context of inline volumes");
        AttributesClass(spec, errors);

        void ForbidIf(bool isSet, string field, string why)
        {
            if (isSet)
            {
                errors.At(field).Forbidden(why);
            }
        }
    }

    private static void Capacity(IDictionary<string, ResourceQuantity>? capacity, FieldErrors errors)
    {
        if (capacity is not { Count: > 0 })
        {
            errors.Required();
        }

        if (capacity?.ContainsKey("storage") != true || capacity.Count > 1)
        {
            errors.NotSupported(capacity?.ToDictionary(p => p.Key, p => p.Value.ToString()), "storage");
        }

        foreach (var (name, amount) in capacity ?? new Dictionary<string, ResourceQuantity>())
        {
            Positive(amount, errors.Key(name));
        }
    }

    /// <summary>An amount that is more than nothing; less than nothing is said so, too.</summary>
    private static void Positive(ResourceQuantity amount, FieldErrors errors)
    {
        var value = amount.ToQuantity();
        if (value.Sign < 0)
        {
            errors.Invalid(value.Value, "must be a valid resource quantity");
        }

        if (value.Sign <= 0)
        {
            errors.Invalid(value.ToString(), "must be greater than zero");
        }
    }

    private static void AttributesClass(V1PersistentVolumeSpec spec, FieldErrors errors)
    {
        if (spec.VolumeAttributesClassName is not { } name)
        {
            return;
        }

        var place = errors.At("volumeAttributesClassName");
        place.MustBeSet(name, "an empty string is disallowed");
        if (name.Length > 0)
        {
            place.Report(name, NameRules.DnsSubdomain(name));
        }

        if (spec.Csi is null)
        {
            errors.At("csi").Required("has to be specified when using volumeAttributesClassName");
        }
    }
}

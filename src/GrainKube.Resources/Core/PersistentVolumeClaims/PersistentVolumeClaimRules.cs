using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

/// <summary>Rules for what a claim asks for, by itself or as the template of one.</summary>
internal static class PersistentVolumeClaimRules
{
    public static void Check(V1PersistentVolumeClaimSpec spec, FieldErrors errors)
    {
        AccessModeRules.Check(spec.AccessModes, "at least 1 access mode is required", errors.At("accessModes"));
        LabelSelectorRules.Check(spec.Selector, errors.At("selector"));
        var storage = errors.At("resources").Key("storage");
        if (spec.Resources?.Requests is null || !spec.Resources.Requests.TryGetValue("storage", out var amount))
        {
            storage.Required();
        }
        else if (amount.ToQuantity() is { Sign: <= 0 } nothing)
        {
            storage.Invalid(nothing.ToString(), "must be greater than zero");
        }

        if (!string.IsNullOrEmpty(spec.StorageClassName))
        {
            errors.At("storageClassName").Report(spec.StorageClassName, NameRules.DnsSubdomain(spec.StorageClassName));
        }

        errors.At("volumeMode").OneOf(spec.VolumeMode, "Block", "Filesystem");
        Sources(spec, errors);
        if (!string.IsNullOrEmpty(spec.VolumeAttributesClassName))
        {
            errors.At("volumeAttributesClassName").Report(spec.VolumeAttributesClassName, NameRules.DnsSubdomain(spec.VolumeAttributesClassName));
        }
    }

    private static void Sources(V1PersistentVolumeClaimSpec spec, FieldErrors errors)
    {
        if (spec.DataSource is { } source)
        {
            Source(source.ApiGroup, source.Kind, source.Name, errors.At("dataSource"));
        }

        if (spec.DataSourceRef is { } reference)
        {
            var place = errors.At("dataSourceRef");
            Source(reference.ApiGroup, reference.Kind, reference.Name, place);
            if (!string.IsNullOrEmpty(reference.NamespaceProperty))
            {
                place.At("namespace").Report(reference.NamespaceProperty, NameRules.DnsLabel(reference.NamespaceProperty));
            }
        }

        if (spec.DataSource is null || spec.DataSourceRef is null)
        {
            return;
        }

        // Upstream shows the path of the field as the value.
        if (!string.IsNullOrEmpty(spec.DataSourceRef.NamespaceProperty))
        {
            errors.Invalid(errors.At("dataSource").Path, "may not be specified when dataSourceRef.namespace is specified");
        }
        else if ((spec.DataSource.ApiGroup, spec.DataSource.Kind, spec.DataSource.Name)
            != (spec.DataSourceRef.ApiGroup, spec.DataSourceRef.Kind, spec.DataSourceRef.Name))
        {
            errors.Invalid(errors.At("dataSource").Path, "must match dataSourceRef");
        }
    }

    private static void Source(string? group, string? kind, string? name, FieldErrors errors)
    {
        errors.At("name").MustBeSet(name);
        errors.At("kind").MustBeSet(kind);
        if (!string.IsNullOrEmpty(group))
        {
            errors.At("apiGroup").Report(group, NameRules.DnsSubdomain(group));
        }
        else if (kind != "PersistentVolumeClaim")
        {
            errors.Invalid(kind ?? "", "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
    }
}

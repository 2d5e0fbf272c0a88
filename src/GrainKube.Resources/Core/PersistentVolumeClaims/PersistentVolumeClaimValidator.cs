using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.PersistentVolumes;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

internal sealed class PersistentVolumeClaimValidator : IValidator<V1PersistentVolumeClaim>
{
    public void Validate(V1PersistentVolumeClaim item, FieldErrors errors)
    {
        var (spec, place) = (item.Spec ?? new V1PersistentVolumeClaimSpec(), errors.At("spec"));
        LabelSelectorRules.Check(spec.Selector, place.At("selector"));
        AccessModeRules.Check(spec.AccessModes, place.At("accessModes"));
        var size = place.At("resources").At("requests").Key("storage");
        if (spec.Resources?.Requests?.TryGetValue("storage", out var amount) != true)
        {
            place.At("resources").Key("storage").Required();
        }
        else if (VolumeFacts.StorageOf(spec.Resources.Requests).Sign <= 0)
        {
            size.Invalid(amount!.ToString(), "must be greater than zero");
        }

        if (spec.StorageClassName is { Length: > 0 } name)
        {
            place.At("storageClassName").Report(name, NameRules.DnsSubdomain(name));
        }

        place.At("volumeMode").OneOf(spec.VolumeMode, "Block", "Filesystem");
    }

    public void ValidateUpdate(V1PersistentVolumeClaim next, V1PersistentVolumeClaim current, FieldErrors errors)
    {
        Validate(next, errors);
        var isBound = current.Status?.Phase == "Bound";
        var (spec, before) = (Fixed(next.Spec, current.Spec, isBound), Fixed(current.Spec, current.Spec, isBound));
        if (spec != before)
        {
            errors.At("spec").Forbidden("spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        }

        var wanted = VolumeFacts.StorageOf(next.Spec?.Resources?.Requests);
        if (wanted < VolumeFacts.StorageOf(current.Spec?.Resources?.Requests) && wanted < VolumeFacts.StorageOf(current.Status?.Capacity))
        {
            errors.At("spec").At("resources").At("requests").At("storage").Forbidden("field can not be less than status.capacity");
        }
    }

    /// <summary>The spec as text, without what may change: a volume or a class that was not named yet, and what a bound claim may ask for anew.</summary>
    private static string Fixed(V1PersistentVolumeClaimSpec? spec, V1PersistentVolumeClaimSpec? current, bool isBound)
    {
        var copy = KubernetesJson.Deserialize<V1PersistentVolumeClaimSpec>(KubernetesJson.Serialize(spec ?? new V1PersistentVolumeClaimSpec()));
        copy.VolumeAttributesClassName = null;
        if (string.IsNullOrEmpty(current?.VolumeName))
        {
            copy.VolumeName = null;
        }

        if (current?.StorageClassName is null)
        {
            copy.StorageClassName = null;
        }

        if (isBound && copy.Resources is not null)
        {
            copy.Resources.Requests = null;
        }

        return KubernetesJson.Serialize(copy);
    }
}

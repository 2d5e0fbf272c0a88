using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.PersistentVolumes;
using GrainKube.Resources.Core.Pods;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

internal sealed class PersistentVolumeClaimValidator : IValidator<V1PersistentVolumeClaim>
{
    private static readonly string[] ResizeStatuses =
        ["ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"];

    public void Validate(V1PersistentVolumeClaim item, FieldErrors errors) =>
        PersistentVolumeClaimRules.Check(item.Spec ?? new V1PersistentVolumeClaimSpec(), errors.At("spec"));

    public void ValidateUpdate(V1PersistentVolumeClaim next, V1PersistentVolumeClaim current, FieldErrors errors)
    {
        Validate(next, errors);
        var place = errors.At("spec");
        var (beta, betaBefore) = (VolumeFacts.Annotation(next.Metadata, VolumeAnnotations.BetaClass) ?? "", VolumeFacts.Annotation(current.Metadata, VolumeAnnotations.BetaClass));
        var isUpgrade = betaBefore is not null && current.Spec?.StorageClassName is null && next.Spec?.StorageClassName == betaBefore && (beta.Length == 0 || beta == betaBefore);
        if (!isUpgrade && beta != (betaBefore ?? ""))
        {
            errors.At("metadata").At("annotations").At(VolumeAnnotations.BetaClass).Invalid(beta, "field is immutable");
        }

        var mayName = isUpgrade || betaBefore is null || next.Spec?.StorageClassName == betaBefore;
        var isBound = current.Status?.Phase == "Bound";
        var (spec, before) = (Fixed(next.Spec, current.Spec, isBound, mayName), Fixed(current.Spec, current.Spec, isBound, mayName));
        if (!JsonNode.DeepEquals(spec, before))
        {
            place.Forbidden("spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n" + JsonDifference.Of(before, spec));
        }

        var wanted = VolumeFacts.StorageOf(next.Spec?.Resources?.Requests);
        if (wanted < VolumeFacts.StorageOf(current.Spec?.Resources?.Requests) && wanted <= VolumeFacts.StorageOf(current.Status?.Capacity))
        {
            place.At("resources").At("requests").At("storage").Forbidden("field can not be less than status.capacity");
        }

        errors.At("volumeMode").Immutable(next.Spec?.VolumeMode, current.Spec?.VolumeMode);
        if (current.Spec?.VolumeAttributesClassName is not null && next.Spec?.VolumeAttributesClassName is null && current.Status?.CurrentVolumeAttributesClassName is not null)
        {
            place.At("volumeAttributesClassName").Forbidden("update to nil is forbidden when status.currentVolumeAttributesClassName is not nil");
        }
    }

    public void Warn(V1PersistentVolumeClaim next, V1PersistentVolumeClaim? current, IList<string> warnings)
    {
        ClaimWarnings.Annotations(next.Metadata, warnings);
        ClaimWarnings.Spec(next.Spec, "spec", warnings);
    }

    public void ValidateStatusUpdate(V1PersistentVolumeClaim next, V1PersistentVolumeClaim current, FieldErrors errors)
    {
        var (status, place) = (next.Status ?? new V1PersistentVolumeClaimStatus(), errors.At("status"));
        foreach (var (name, amount) in status.Capacity ?? new Dictionary<string, ResourceQuantity>())
        {
            NotNegative(amount, place.At("capacity").Key(name));
        }

        // Upstream's name of this field lacks its last letters.
        var resizing = place.At("allocatedResourceStatus");
        foreach (var (name, value) in status.AllocatedResourceStatuses ?? new Dictionary<string, string>())
        {
            ResourceKey(name, resizing);
            if (!ResizeStatuses.Contains(value))
            {
                resizing.NotSupported(name, ResizeStatuses);
            }
        }

        foreach (var (name, amount) in status.AllocatedResources ?? new Dictionary<string, ResourceQuantity>())
        {
            if (ResourceKey(name, place.At("allocatedResources")))
            {
                NotNegative(amount, place.At("allocatedResources").Key(name));
            }
        }
    }

    private static void NotNegative(ResourceQuantity amount, FieldErrors errors)
    {
        var value = amount.ToQuantity();
        if (value.Sign < 0)
        {
            errors.Invalid(value.Value, "must be a valid resource quantity");
        }
    }

    private static bool ResourceKey(string name, FieldErrors errors)
    {
        var problems = NameRules.LabelKey(name);
        errors.Report(name, problems);
        var isForeign = problems.Count == 0 && ResourceNameRules.IsNative(name) && name != "storage";
        if (isForeign)
        {
            errors.NotSupported(name, "storage");
        }

        return problems.Count == 0 && !isForeign;
    }

    /// <summary>The spec without what may change: a volume or a class that was not named yet, and what a bound claim may ask for anew.</summary>
    private static JsonObject Fixed(V1PersistentVolumeClaimSpec? spec, V1PersistentVolumeClaimSpec? current, bool isBound, bool mayNameClass)
    {
        var json = JsonNode.Parse(KubernetesJson.Serialize(spec ?? new V1PersistentVolumeClaimSpec()))!.AsObject();
        if (string.IsNullOrEmpty(current?.VolumeName))
        {
            json.Remove("volumeName");
        }

        if (current?.StorageClassName is null && mayNameClass)
        {
            json.Remove("storageClassName");
        }

        if (isBound)
        {
            json.Remove("volumeAttributesClassName");
            json.Object("resources").Object("requests")?.Remove("storage");
        }

        return json;
    }
}

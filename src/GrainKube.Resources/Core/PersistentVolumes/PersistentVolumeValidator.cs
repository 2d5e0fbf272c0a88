using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

internal sealed class PersistentVolumeValidator : IValidator<V1PersistentVolume>
{
    // Everything else in a spec is a source.
    private static readonly string[] Common =
    [
        "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy", "storageClassName", "volumeAttributesClassName", "volumeMode",
    ];

    public void Validate(V1PersistentVolume item, FieldErrors errors) =>
        PersistentVolumeRules.Check(item.Spec ?? new V1PersistentVolumeSpec(), item.Metadata?.Name ?? "", errors.At("spec"));

    public void Warn(V1PersistentVolume next, V1PersistentVolume? current, IList<string> warnings) => PersistentVolumeWarnings.Add(next, warnings);

    public void ValidateUpdate(V1PersistentVolume next, V1PersistentVolume current, FieldErrors errors)
    {
        Validate(next, errors);
        var place = errors.At("spec");
        var (source, before) = (SourceOf(next.Spec), SourceOf(current.Spec));
        if (before["csi"] is JsonObject old && old["controllerExpandSecretRef"] is null && source["csi"] is JsonObject now)
        {
            now.Remove("controllerExpandSecretRef");
        }

        if (!JsonNode.DeepEquals(source, before))
        {
            place.At("persistentvolumesource").Forbidden("spec.persistentvolumesource is immutable after creation\n" + JsonDifference.Of(before, source));
        }

        // Upstream names these two without the spec.
        errors.At("volumeMode").Immutable(next.Spec?.VolumeMode, current.Spec?.VolumeMode);
        if (current.Spec?.NodeAffinity is { } affinity && !ModelEquality.AreSame(next.Spec?.NodeAffinity, affinity))
        {
            errors.At("nodeAffinity").Invalid(next.Spec?.NodeAffinity, "field is immutable, except for updating from beta label to GA");
        }

        if (current.Spec?.VolumeAttributesClassName is not null && next.Spec?.VolumeAttributesClassName is null)
        {
            place.At("volumeAttributesClassName").Forbidden("update from non-nil value to nil is forbidden");
        }
    }

    private static JsonObject SourceOf(V1PersistentVolumeSpec? spec)
    {
        var json = (JsonObject)JsonNode.Parse(KubernetesJson.Serialize(spec ?? new V1PersistentVolumeSpec()))!;
        foreach (var name in Common)
        {
            json.Remove(name);
        }

        return json;
    }
}

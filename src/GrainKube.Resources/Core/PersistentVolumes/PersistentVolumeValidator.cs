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

    public void Validate(V1PersistentVolume item, FieldErrors errors)
    {
        var (spec, place) = (item.Spec ?? new V1PersistentVolumeSpec(), errors.At("spec"));
        AccessModeRules.Check(spec.AccessModes, place.At("accessModes"));
        if (spec.Capacity is not { Count: > 0 })
        {
            place.At("capacity").Required();
        }
        else if (spec.Capacity.Count != 1 || !spec.Capacity.ContainsKey("storage"))
        {
            place.At("capacity").NotSupported(string.Join(",", spec.Capacity.Keys.Order(StringComparer.Ordinal)), "storage");
        }
        else if (VolumeFacts.StorageOf(spec.Capacity).Sign <= 0)
        {
            place.At("capacity").Key("storage").Invalid(spec.Capacity["storage"].ToString(), "must be greater than zero");
        }

        place.At("persistentVolumeReclaimPolicy").OneOf(spec.PersistentVolumeReclaimPolicy, "Delete", "Recycle", "Retain");
        place.At("volumeMode").OneOf(spec.VolumeMode, "Block", "Filesystem");
        if (spec.StorageClassName is { Length: > 0 } name)
        {
            place.At("storageClassName").Report(name, NameRules.DnsSubdomain(name));
        }

        Source(spec, place);
    }

    public void ValidateUpdate(V1PersistentVolume next, V1PersistentVolume current, FieldErrors errors)
    {
        Validate(next, errors);
        var place = errors.At("spec");
        if (!JsonNode.DeepEquals(SourceOf(next.Spec), SourceOf(current.Spec)))
        {
            place.At("persistentvolumesource").Forbidden("spec.persistentvolumesource is immutable after creation");
        }

        place.At("volumeMode").Immutable(next.Spec?.VolumeMode, current.Spec?.VolumeMode);
        if (current.Spec?.NodeAffinity is { } affinity && KubernetesJson.Serialize(next.Spec?.NodeAffinity) != KubernetesJson.Serialize(affinity))
        {
            place.At("nodeAffinity").Invalid(next.Spec?.NodeAffinity, "field is immutable, except for updating from beta label to GA");
        }
    }

    private static void Source(V1PersistentVolumeSpec spec, FieldErrors place)
    {
        var sources = SourceOf(spec);
        if (sources.Count == 0)
        {
            place.Required("must specify a volume type");
        }

        foreach (var more in sources.Skip(1))
        {
            place.At(more.Key).Forbidden("may not specify more than 1 volume type");
        }

        if (spec.HostPath is { } host)
        {
            var path = place.At("hostPath").At("path");
            path.MustBeSet(host.Path);
            if (host.Path?.Split('/').Contains("..") == true)
            {
                path.Invalid(host.Path, "must not contain '..'");
            }

            if (host.Path == "/" && spec.PersistentVolumeReclaimPolicy == "Recycle")
            {
                place.At("persistentVolumeReclaimPolicy").Forbidden("may not be 'recycle' for a hostPath mount of '/'");
            }
        }

        if (spec.Local is { } local)
        {
            place.At("local").At("path").MustBeSet(local.Path);
            if (spec.NodeAffinity?.Required is null)
            {
                place.At("nodeAffinity").Required("Local volume requires node affinity");
            }
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

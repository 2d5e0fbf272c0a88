using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the volumes of a pod. Sources that live in other systems are checked for what they cannot do without.</summary>
internal static class VolumeRules
{
    private static readonly string[] HostPathTypes = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    /// <param name="volumes">May be null.</param>
    /// <param name="podName">Of a real pod; null in a template.</param>
    /// <param name="errors">The place of the list.</param>
    /// <returns>The volumes by name, for mounts to refer to; only those whose name is good.</returns>
    public static IReadOnlyDictionary<string, V1Volume> Check(IList<V1Volume>? volumes, string? podName, FieldErrors errors)
    {
        var known = new Dictionary<string, V1Volume>(StringComparer.Ordinal);
        for (var i = 0; i < volumes?.Count; i++)
        {
            var volume = volumes[i];
            var place = errors.At(i);
            Source(volume, podName, place);
            place.At("name").RequiredName(volume.Name, NameRules.DnsLabel);
            if (!string.IsNullOrEmpty(volume.Name) && !known.TryAdd(volume.Name, volume))
            {
                place.At("name").Duplicate(volume.Name);
            }
        }

        return known;
    }

    private static void Source(V1Volume volume, string? podName, FieldErrors errors)
    {
        var found = 0;
        If(volume.EmptyDir, "emptyDir", (source, place) =>
        {
            if (source.SizeLimit is { } limit && Quantity.Parse(limit.ToString()).Sign < 0)
            {
                place.At("sizeLimit").Forbidden("SizeLimit field must be a valid resource quantity");
            }
        });
        If(volume.HostPath, "hostPath", HostPath);
        If(volume.GitRepo, "gitRepo", (source, place) =>
        {
            place.At("repository").MustBeSet(source.Repository);
            PathRules.LocalDescending(source.Directory, place.At("directory"));
        });
        If(volume.GcePersistentDisk, "gcePersistentDisk", (source, place) => place.At("pdName").MustBeSet(source.PdName));
        If(volume.AwsElasticBlockStore, "awsElasticBlockStore", (source, place) => place.At("volumeID").MustBeSet(source.VolumeID));
        If(volume.Secret, "secret", (source, place) =>
        {
            place.At("secretName").MustBeSet(source.SecretName);
            VolumeFileRules.Mode(source.DefaultMode, place.At("defaultMode"));
            VolumeFileRules.Keys(source.Items, place.At("items"));
        });
        If(volume.Nfs, "nfs", (source, place) =>
        {
            place.At("server").MustBeSet(source.Server);
            place.At("path").MustBeSet(source.Path);
            if (!string.IsNullOrEmpty(source.Path) && !source.Path.StartsWith('/'))
            {
                place.At("path").Invalid(source.Path, "must be an absolute path");
            }
        });
        If(volume.Iscsi, "iscsi", (source, place) =>
        {
            place.At("targetPortal").MustBeSet(source.TargetPortal);
            place.At("iqn").MustBeSet(source.Iqn);
            place.At("lun").Report(source.Lun, NameRules.InRange(source.Lun, 0, 255));
        });
        If(volume.Glusterfs, "glusterfs", (source, place) =>
        {
            place.At("endpoints").MustBeSet(source.Endpoints);
            place.At("path").MustBeSet(source.Path);
        });
        If(volume.Flocker, "flocker", (source, place) =>
        {
            if (string.IsNullOrEmpty(source.DatasetName) == string.IsNullOrEmpty(source.DatasetUUID))
            {
                place.Required("one of datasetName and datasetUUID is required");
            }
        });
        If(volume.PersistentVolumeClaim, "persistentVolumeClaim", (source, place) => place.At("claimName").MustBeSet(source.ClaimName));
        If(volume.Rbd, "rbd", (source, place) => place.At("image").MustBeSet(source.Image));
        If(volume.Cinder, "cinder", (source, place) => place.At("volumeID").MustBeSet(source.VolumeID));
        If(volume.Cephfs, "cephfs", (source, place) =>
        {
            if (source.Monitors is not { Count: > 0 })
            {
                place.At("monitors").Required();
            }
        });
        If(volume.Quobyte, "quobyte", (source, place) =>
        {
            place.At("registry").MustBeSet(source.Registry);
            place.At("volume").MustBeSet(source.Volume);
        });
        If(volume.DownwardAPI, "downwardAPI", (source, place) =>
        {
            VolumeFileRules.Mode(source.DefaultMode, place.At("defaultMode"));
            VolumeFileRules.Downward(source.Items, place);
        });
        If(volume.Fc, "fc", (_, _) => { });
        If(volume.FlexVolume, "flexVolume", (source, place) => place.At("driver").MustBeSet(source.Driver));
        If(volume.ConfigMap, "configMap", (source, place) =>
        {
            place.At("name").MustBeSet(source.Name);
            VolumeFileRules.Mode(source.DefaultMode, place.At("defaultMode"));
            VolumeFileRules.Keys(source.Items, place.At("items"));
        });
        If(volume.AzureFile, "azureFile", (source, place) =>
        {
            place.At("secretName").MustBeSet(source.SecretName);
            place.At("shareName").MustBeSet(source.ShareName);
        });
        If(volume.VsphereVolume, "vsphereVolume", (source, place) => place.At("volumePath").MustBeSet(source.VolumePath));
        If(volume.PhotonPersistentDisk, "photonPersistentDisk", (source, place) => place.At("pdID").MustBeSet(source.PdID));
        If(volume.PortworxVolume, "portworxVolume", (source, place) => place.At("volumeID").MustBeSet(source.VolumeID));
        If(volume.AzureDisk, "azureDisk", (source, place) =>
        {
            place.At("diskName").MustBeSet(source.DiskName);
            place.At("diskURI").MustBeSet(source.DiskURI);
        });
        If(volume.Storageos, "storageos", (source, place) => place.At("volumeName").MustBeSet(source.VolumeName));
        If(volume.Projected, "projected", ProjectedVolumeRules.Check);
        If(volume.ScaleIO, "scaleIO", (source, place) =>
        {
            place.At("gateway").MustBeSet(source.Gateway);
            place.At("system").MustBeSet(source.System);
            place.At("volumeName").MustBeSet(source.VolumeName);
        });
        If(volume.Csi, "csi", (source, place) =>
        {
            place.At("driver").RequiredName(source.Driver, name => NameRules.DnsSubdomain(name.ToLowerInvariant()));
            if (source.NodePublishSecretRef is { } secret)
            {
                place.At("nodePublishSecretRef").At("name").MustBeSet(secret.Name);
            }
        });
        If(volume.Ephemeral, "ephemeral", (source, place) =>
        {
            if (source.VolumeClaimTemplate is null)
            {
                place.At("volumeClaimTemplate").Required();
            }

            if (!string.IsNullOrEmpty(podName) && !string.IsNullOrEmpty(volume.Name))
            {
                var claim = $"{podName}-{volume.Name}";
                errors.At("name").Report(volume.Name, [.. NameRules.DnsSubdomain(claim).Select(p => $"PVC name \"{claim}\": {p}")]);
            }
        });
        If(volume.Image, "image", (source, place) =>
        {
            if (podName is not null)
            {
                place.At("reference").MustBeSet(source.Reference);
            }

            place.At("pullPolicy").RequiredOneOf(source.PullPolicy, "Always", "IfNotPresent", "Never");
        });
        if (found == 0)
        {
            errors.Required("must specify a volume type");
        }

        void If<T>(T? source, string field, Action<T, FieldErrors> rule)
            where T : class
        {
            if (source is null)
            {
                return;
            }

            if (found++ > 0)
            {
                errors.At(field).Forbidden("may not specify more than 1 volume type");
            }
            else
            {
                rule(source, errors.At(field));
            }
        }
    }

    private static void HostPath(V1HostPathVolumeSource source, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(source.Path))
        {
            errors.At("path").Required();
            return;
        }

        PathRules.NoBacksteps(source.Path, errors.At("path"));
        errors.At("type").OneOf(source.Type, HostPathTypes);
    }
}

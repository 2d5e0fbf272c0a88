using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.PersistentVolumeClaims;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the volumes of a pod.</summary>
internal static class VolumeRules
{
    /// <param name="volumes">May be null.</param>
    /// <param name="podName">Of a real pod; null in a template.</param>
    /// <param name="errors">The place of the list.</param>
    /// <returns>The sound volumes by name, for mounts to refer to.</returns>
    public static IReadOnlyDictionary<string, V1Volume> Check(IList<V1Volume>? volumes, string? podName, FieldErrors errors)
    {
        var known = new Dictionary<string, V1Volume>(StringComparer.Ordinal);
        for (var i = 0; i < volumes?.Count; i++)
        {
            var volume = volumes[i];
            var place = errors.At(i);
            var before = errors.All.Count;
            Source(volume, podName, place);
            place.At("name").RequiredName(volume.Name, NameRules.DnsLabel);
            if (known.ContainsKey(volume.Name ?? ""))
            {
                place.At("name").Duplicate(volume.Name);
            }

            if (errors.All.Count == before)
            {
                known.Add(volume.Name!, volume);
            }

            if (volume.PersistentVolumeClaim?.ClaimName is { } claim && !string.IsNullOrEmpty(podName)
                && volumes.Any(v => v.Ephemeral is not null && claim == $"{podName}-{v.Name}"))
            {
                place.At("persistentVolumeClaim").At("claimName").Invalid(claim, "must not reference a PVC that gets created for an ephemeral volume");
            }
        }

        return known;
    }

    private static void Source(V1Volume volume, string? podName, FieldErrors errors)
    {
        var one = new OneSource(errors);
        one.If(volume.EmptyDir, "emptyDir", EmptyDir);
        one.If(volume.HostPath, "hostPath", RemoteVolumeRules.HostPath);
        one.If(volume.GitRepo, "gitRepo", (source, place) =>
        {
            place.At("repository").MustBeSet(source.Repository);
            PathRules.LocalDescending(source.Directory, place.At("directory"));
        });
        one.If(volume.GcePersistentDisk, "gcePersistentDisk", RemoteVolumeRules.GcePersistentDisk, "persistentDisk");
        one.If(volume.AwsElasticBlockStore, "awsElasticBlockStore", RemoteVolumeRules.AwsElasticBlockStore);
        one.If(volume.Secret, "secret", (source, place) =>
        {
            place.At("secretName").MustBeSet(source.SecretName);
            VolumeFileRules.Mode(source.DefaultMode, place.At("defaultMode"));
            VolumeFileRules.Keys(source.Items, place.At("items"));
        });
        one.If(volume.Nfs, "nfs", RemoteVolumeRules.Nfs);
        one.If(volume.Iscsi, "iscsi", Iscsi);
        if (volume.Iscsi?.InitiatorName is not null && $"{volume.Name}:{volume.Iscsi.TargetPortal}".Length > 64)
        {
            errors.At("name").Invalid(
                volume.Name, "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.");
        }

        one.If(volume.Glusterfs, "glusterfs", (source, place) =>
        {
            place.At("endpoints").MustBeSet(source.Endpoints);
            place.At("path").MustBeSet(source.Path);
        });
        one.If(volume.Flocker, "flocker", RemoteVolumeRules.Flocker);
        one.If(volume.PersistentVolumeClaim, "persistentVolumeClaim", (source, place) => place.At("claimName").MustBeSet(source.ClaimName));
        one.If(volume.Rbd, "rbd", (source, place) =>
        {
            RemoteVolumeRules.Monitors(source.Monitors, place);
            place.At("image").MustBeSet(source.Image);
        });
        one.If(volume.Cinder, "cinder", (source, place) =>
        {
            place.At("volumeID").MustBeSet(source.VolumeID);
            SecretName(source.SecretRef, place);
        });
        one.If(volume.Cephfs, "cephFS", (source, place) => RemoteVolumeRules.Monitors(source.Monitors, place), "cephfs");
        one.If(volume.Quobyte, "quobyte", RemoteVolumeRules.Quobyte);

        // The letter that is missing is missing upstream, too.
        one.If(volume.DownwardAPI, "downwarAPI", (source, place) =>
        {
            VolumeFileRules.Mode(source.DefaultMode, place.At("defaultMode"));
            VolumeFileRules.Downward(source.Items, place);
        }, "downwardAPI");
        one.If(volume.Fc, "fc", RemoteVolumeRules.Fc);
        one.If(volume.FlexVolume, "flexVolume", (source, place) => RemoteVolumeRules.Flex(source.Driver, source.Options, place));
        one.If(volume.ConfigMap, "configMap", (source, place) =>
        {
            place.At("name").MustBeSet(source.Name);
            VolumeFileRules.Mode(source.DefaultMode, place.At("defaultMode"));
            VolumeFileRules.Keys(source.Items, place.At("items"));
        });
        one.If(volume.AzureFile, "azureFile", (source, place) =>
        {
            place.At("secretName").MustBeSet(source.SecretName);
            place.At("shareName").MustBeSet(source.ShareName);
        });
        one.If(volume.VsphereVolume, "vsphereVolume", (source, place) => place.At("volumePath").MustBeSet(source.VolumePath));
        one.If(volume.PhotonPersistentDisk, "photonPersistentDisk", (source, place) => place.At("pdID").MustBeSet(source.PdID));
        one.If(volume.PortworxVolume, "portworxVolume", (source, place) => place.At("volumeID").MustBeSet(source.VolumeID));
        one.If(volume.AzureDisk, "azureDisk", RemoteVolumeRules.AzureDisk);
        one.If(volume.Storageos, "storageos", (source, place) =>
        {
            RemoteVolumeRules.StorageOs(source.VolumeName, source.VolumeNamespace, place);
            SecretName(source.SecretRef, place);
        });
        one.If(volume.Projected, "projected", ProjectedVolumeRules.Check);
        one.If(volume.ScaleIO, "scaleIO", (source, place) => RemoteVolumeRules.ScaleIo(source.Gateway, source.System, source.VolumeName, place));
        one.If(volume.Csi, "csi", Csi);
        one.If(volume.Ephemeral, "ephemeral", Ephemeral);
        if (volume.Ephemeral is not null && !string.IsNullOrEmpty(podName) && !string.IsNullOrEmpty(volume.Name))
        {
            var claim = $"{podName}-{volume.Name}";
            errors.At("name").Report(volume.Name, [.. NameRules.DnsSubdomain(claim).Select(p => $"PVC name \"{claim}\": {p}")]);
        }

        one.If(volume.Image, "image", (source, place) => Image(source, podName is not null, place));
        one.End();
    }

    private static void EmptyDir(V1EmptyDirVolumeSource source, FieldErrors errors)
    {
        if (source.SizeLimit is { } limit && limit.ToQuantity().Sign < 0)
        {
            errors.At("sizeLimit").Forbidden("SizeLimit field must be a valid resource quantity");
        }
    }

    private static void Iscsi(V1ISCSIVolumeSource source, FieldErrors errors)
    {
        const string hint = "must be valid format starting with iqn, eui, or naa";
        errors.At("targetPortal").MustBeSet(source.TargetPortal);
        errors.At("iqn").MustBeSet(source.Iqn);
        RemoteVolumeRules.IscsiName(string.IsNullOrEmpty(source.Iqn) ? null : source.Iqn, hint, errors.At("iqn"));
        errors.At("lun").Report(source.Lun, NameRules.InRange(source.Lun, 0, 255));
        if ((source.ChapAuthDiscovery == true || source.ChapAuthSession == true) && source.SecretRef is null)
        {
            errors.At("secretRef").Required();
        }

        RemoteVolumeRules.IscsiName(source.InitiatorName, hint, errors.At("initiatorname"));
    }

    private static void Csi(V1CSIVolumeSource source, FieldErrors errors)
    {
        CsiDriverNameRules.Check(source.Driver, errors.At("driver"));
        if (source.NodePublishSecretRef is not { } secret)
        {
            return;
        }

        errors.At("nodePublishSecretRef").At("name").MustBeSet(secret.Name);
        if (!string.IsNullOrEmpty(secret.Name))
        {
            errors.At("name").Report(secret.Name, NameRules.DnsSubdomain(secret.Name));
        }
    }

    private static void Ephemeral(V1EphemeralVolumeSource source, FieldErrors errors)
    {
        var place = errors.At("volumeClaimTemplate");
        if (source.VolumeClaimTemplate is not { } template)
        {
            place.Required();
            return;
        }

        TemplateMetadataRules.Check(template.Metadata, place.At("metadata"));
        PersistentVolumeClaimRules.Check(template.Spec ?? new V1PersistentVolumeClaimSpec(), place.At("spec"));
    }

    private static void Image(V1ImageVolumeSource source, bool isPod, FieldErrors errors)
    {
        if (isPod)
        {
            errors.At("reference").MustBeSet(source.Reference);
        }

        errors.At("pullPolicy").RequiredOneOf(source.PullPolicy, "Always", "IfNotPresent", "Never");
    }

    private static void SecretName(V1LocalObjectReference? secret, FieldErrors errors)
    {
        if (secret is not null)
        {
            errors.At("secretRef").At("name").MustBeSet(secret.Name);
        }
    }
}

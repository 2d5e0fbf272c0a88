using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Rules for where a persistent volume's bytes are.</summary>
internal static class VolumeSourceRules
{
    public static void Check(V1PersistentVolumeSpec spec, string name, FieldErrors errors)
    {
        var one = new OneSource(errors);
        one.If(spec.HostPath, "hostPath", RemoteVolumeRules.HostPath);
        one.If(spec.GcePersistentDisk, "gcePersistentDisk", RemoteVolumeRules.GcePersistentDisk, "persistentDisk");
        one.If(spec.AwsElasticBlockStore, "awsElasticBlockStore", RemoteVolumeRules.AwsElasticBlockStore);
        one.If(spec.Glusterfs, "glusterfs", Glusterfs);
        one.If(spec.Flocker, "flocker", RemoteVolumeRules.Flocker);
        one.If(spec.Nfs, "nfs", RemoteVolumeRules.Nfs);
        one.If(spec.Rbd, "rbd", (source, place) =>
        {
            RemoteVolumeRules.Monitors(source.Monitors, place);
            place.At("image").MustBeSet(source.Image);
        });
        one.If(spec.Quobyte, "quobyte", RemoteVolumeRules.Quobyte);
        one.If(spec.Cephfs, "cephFS", (source, place) => RemoteVolumeRules.Monitors(source.Monitors, place), "cephfs");
        one.If(spec.Iscsi, "iscsi", (source, place) => Iscsi(source, name, place));
        one.If(spec.Cinder, "cinder", (source, place) =>
        {
            place.At("volumeID").MustBeSet(source.VolumeID);
            SecretSet(source.SecretRef, place.At("secretRef"));
        });
        one.If(spec.Fc, "fc", RemoteVolumeRules.Fc);
        one.Beside(spec.FlexVolume, "flexVolume", (source, place) => RemoteVolumeRules.Flex(source.Driver, source.Options, place));
        one.If(spec.AzureFile, "azureFile", (source, place) =>
        {
            place.At("secretName").MustBeSet(source.SecretName);
            place.At("shareName").MustBeSet(source.ShareName);
            if (source.SecretNamespace is { } space)
            {
                place.At("secretNamespace").MustBeSet(space);
            }
        });
        one.If(spec.VsphereVolume, "vsphereVolume", (source, place) => place.At("volumePath").MustBeSet(source.VolumePath));
        one.If(spec.PhotonPersistentDisk, "photonPersistentDisk", (source, place) => place.At("pdID").MustBeSet(source.PdID));
        one.If(spec.PortworxVolume, "portworxVolume", (source, place) => place.At("volumeID").MustBeSet(source.VolumeID));
        one.If(spec.AzureDisk, "azureDisk", RemoteVolumeRules.AzureDisk);
        one.If(spec.ScaleIO, "scaleIO", (source, place) => RemoteVolumeRules.ScaleIo(source.Gateway, source.System, source.VolumeName, place));
        one.If(spec.Local, "local", (source, place) =>
        {
            place.At("path").MustBeSet(source.Path);
            PathRules.NoBacksteps(source.Path, place.At("path"));
            if (spec.NodeAffinity?.Required is null)
            {
                errors.At("nodeAffinity").Required("Local volume requires node affinity");
            }
        });
        one.If(spec.Storageos, "storageos", (source, place) =>
        {
            RemoteVolumeRules.StorageOs(source.VolumeName, source.VolumeNamespace, place);
            if (source.SecretRef is { } secret)
            {
                place.At("secretRef").At("name").MustBeSet(secret.Name);
                place.At("secretRef").At("namespace").MustBeSet(secret.NamespaceProperty);
            }
        });
        one.If(spec.Csi, "csi", Csi);
        one.End();
        if (spec.PersistentVolumeReclaimPolicy == "Recycle" && spec.HostPath?.Path is { Length: > 0 } path && Path.GetFullPath(path, "/") == "/")
        {
            errors.At("persistentVolumeReclaimPolicy").Forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void Glusterfs(V1GlusterfsPersistentVolumeSource source, FieldErrors errors)
    {
        errors.At("endpoints").MustBeSet(source.Endpoints);
        errors.At("path").MustBeSet(source.Path);
        switch (source.EndpointsNamespace)
        {
            case null:
                break;
            case "":
                errors.At("endpointsNamespace").Invalid("", "if the endpointnamespace is set, it must be a valid namespace name");
                break;
            case var space:
                errors.At("endpointsNamespace").Report(space, NameRules.DnsLabel(space));
                break;
        }
    }

    private static void Iscsi(V1ISCSIPersistentVolumeSource source, string name, FieldErrors errors)
    {
        const string hint = "must be valid format";
        errors.At("targetPortal").MustBeSet(source.TargetPortal);
        if (source.InitiatorName is not null && $"{name}:{source.TargetPortal}".Length > 64)
        {
            errors.At("targetportal").Invalid(
                source.TargetPortal, "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.");
        }

        errors.At("iqn").MustBeSet(source.Iqn);
        RemoteVolumeRules.IscsiName(string.IsNullOrEmpty(source.Iqn) ? null : source.Iqn, hint, errors.At("iqn"));
        errors.At("lun").Report(source.Lun, NameRules.InRange(source.Lun, 0, 255));
        if ((source.ChapAuthDiscovery == true || source.ChapAuthSession == true) && source.SecretRef is null)
        {
            errors.At("secretRef").Required();
        }

        if (source.SecretRef is { } secret)
        {
            errors.At("secretRef").At("name").MustBeSet(secret.Name);
        }

        RemoteVolumeRules.IscsiName(source.InitiatorName, hint, errors.At("initiatorname"));
    }

    private static void Csi(V1CSIPersistentVolumeSource source, FieldErrors errors)
    {
        CsiDriverNameRules.Check(source.Driver, errors.At("driver"));
        errors.At("volumeHandle").MustBeSet(source.VolumeHandle);
        Secret(source.ControllerPublishSecretRef, errors.At("controllerPublishSecretRef"));
        Secret(source.ControllerExpandSecretRef, errors.At("controllerExpandSecretRef"));
        Secret(source.NodePublishSecretRef, errors.At("nodePublishSecretRef"));
        Secret(source.NodeExpandSecretRef, errors.At("nodeExpandSecretRef"));
    }

    private static void Secret(V1SecretReference? secret, FieldErrors errors)
    {
        if (secret is not null)
        {
            errors.At("name").RequiredName(secret.Name, NameRules.DnsSubdomain);
            errors.At("namespace").RequiredName(secret.NamespaceProperty, NameRules.DnsLabel);
        }
    }

    private static void SecretSet(V1SecretReference? secret, FieldErrors errors)
    {
        if (secret is not null)
        {
            errors.At("name").MustBeSet(secret.Name);
            errors.At("namespace").MustBeSet(secret.NamespaceProperty);
        }
    }
}

using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for how a container uses the pod's volumes.</summary>
internal static class MountRules
{
    public static void Check(V1Container container, IReadOnlyDictionary<string, V1Volume> volumes, FieldErrors errors)
    {
        if (container.VolumeMounts is { Count: > 0 } mounts)
        {
            var (paths, list) = (new SeenTexts(), errors.At("volumeMounts"));
            for (var i = 0; i < mounts.Count; i++)
            {
                Mount(mounts[i], container, volumes, ref paths, list, i);
            }
        }

        if (container.VolumeDevices is { Count: > 0 })
        {
            Devices(container, volumes, errors.At("volumeDevices"));
        }
    }

    private static void Mount(
        V1VolumeMount mount, V1Container container, IReadOnlyDictionary<string, V1Volume> volumes, ref SeenTexts paths, FieldErrors list, int index)
    {
        var errors = list.At(index);
        errors.At("name").MustBeSet(mount.Name);
        var volume = volumes.GetValueOrDefault(mount.Name ?? "");
        if (volume is null)
        {
            errors.At("name").NotFound(mount.Name ?? "");
        }

        errors.At("mountPath").MustBeSet(mount.MountPath);
        if (!paths.Add(mount.MountPath ?? ""))
        {
            errors.At("mountPath").Invalid(mount.MountPath, "must be unique");
        }

        if (container.VolumeDevices?.Any(d => d.Name == mount.Name) == true)
        {
            errors.At("name").Invalid(mount.Name, "must not already exist in volumeDevices");
        }

        if (container.VolumeDevices?.Any(d => d.DevicePath == mount.MountPath) == true)
        {
            errors.At("mountPath").Invalid(mount.MountPath, "must not already exist as a path in volumeDevices");
        }

        // Upstream reports these four at the list, without the index.
        PathRules.LocalDescending(mount.SubPath, list.At("subPath"));
        if (!string.IsNullOrEmpty(mount.SubPathExpr))
        {
            if (!string.IsNullOrEmpty(mount.SubPath))
            {
                errors.At("subPathExpr").Invalid(mount.SubPathExpr, "subPathExpr and subPath are mutually exclusive");
            }

            PathRules.LocalDescending(mount.SubPathExpr, list.At("subPathExpr"));
        }

        Propagation(mount, container, list.At("mountPropagation"));
        RecursiveReadOnly(mount, list.At("recursiveReadOnly"));
    }

    private static void Propagation(V1VolumeMount mount, V1Container container, FieldErrors errors)
    {
        errors.OneOf(mount.MountPropagation, "Bidirectional", "HostToContainer", "None");
        if (mount.MountPropagation == "Bidirectional" && container.SecurityContext?.Privileged != true)
        {
            errors.Forbidden("Bidirectional mount propagation is available only to privileged containers");
        }
    }

    private static void RecursiveReadOnly(V1VolumeMount mount, FieldErrors errors)
    {
        errors.OneOf(mount.RecursiveReadOnly, "Disabled", "Enabled", "IfPossible");
        if (mount.RecursiveReadOnly is not ("Enabled" or "IfPossible"))
        {
            return;
        }

        if (mount.ReadOnlyProperty != true)
        {
            errors.Forbidden("may only be specified when readOnly is true");
        }

        if (mount.MountPropagation is not (null or "None"))
        {
            errors.Forbidden("may only be specified when mountPropagation is None or not specified");
        }
    }

    private static void Devices(V1Container container, IReadOnlyDictionary<string, V1Volume> volumes, FieldErrors errors)
    {
        var (names, paths) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < container.VolumeDevices?.Count; i++)
        {
            var device = container.VolumeDevices[i];
            var (name, path) = (errors.At(i).At("name"), errors.At(i).At("devicePath"));
            name.MustBeSet(device.Name);
            if (!names.Add(device.Name ?? ""))
            {
                name.Invalid(device.Name, "must be unique");
            }

            if (!volumes.TryGetValue(device.Name ?? "", out var volume))
            {
                name.NotFound(device.Name ?? "");
            }
            else if (volume.PersistentVolumeClaim is null && volume.Ephemeral is null)
            {
                name.Invalid(device.Name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }

            path.MustBeSet(device.DevicePath);
            if (device.DevicePath?.Split('/').Contains("..") == true)
            {
                path.Invalid(device.DevicePath, "can not contain backsteps ('..')");
            }
            else if (!paths.Add(device.DevicePath ?? ""))
            {
                path.Invalid(device.DevicePath, "must be unique");
            }

            if (container.VolumeMounts?.Any(m => m.Name == device.Name) == true)
            {
                name.Invalid(device.Name, "must not already exist in volumeMounts");
            }
        }
    }
}

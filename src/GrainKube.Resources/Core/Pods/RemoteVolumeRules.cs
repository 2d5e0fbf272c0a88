using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for sources of volumes that pods and persistent volumes share, most of them in other systems.</summary>
internal static partial class RemoteVolumeRules
{
    private const string HostAndPort = "must be a host:port pair or multiple pairs separated by commas";
    private static readonly string[] HostPathTypes = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    private static readonly string[] CachingModes = ["None", "ReadOnly", "ReadWrite"];
    private static readonly string[] DiskKinds = ["Dedicated", "Managed", "Shared"];

    public static void HostPath(V1HostPathVolumeSource source, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(source.Path))
        {
            errors.At("path").Required();
            return;
        }

        PathRules.NoBacksteps(source.Path, errors.At("path"));
        errors.At("type").OneOf(source.Type, HostPathTypes);
    }

    public static void GcePersistentDisk(V1GCEPersistentDiskVolumeSource source, FieldErrors errors)
    {
        errors.At("pdName").MustBeSet(source.PdName);
        Partition(source.Partition, errors.At("partition"));
    }

    public static void AwsElasticBlockStore(V1AWSElasticBlockStoreVolumeSource source, FieldErrors errors)
    {
        errors.At("volumeID").MustBeSet(source.VolumeID);
        Partition(source.Partition, errors.At("partition"));
    }

    public static void Nfs(V1NFSVolumeSource source, FieldErrors errors)
    {
        errors.At("server").MustBeSet(source.Server);
        errors.At("path").MustBeSet(source.Path);
        if (source.Path?.StartsWith('/') != true)
        {
            errors.At("path").Invalid(source.Path ?? "", "must be an absolute path");
        }
    }

    public static void Flocker(V1FlockerVolumeSource source, FieldErrors errors)
    {
        switch (string.IsNullOrEmpty(source.DatasetName), string.IsNullOrEmpty(source.DatasetUUID))
        {
            case (true, true):
                errors.Required("one of datasetName and datasetUUID is required");
                break;
            case (false, false):
                errors.Invalid("resource", "datasetName and datasetUUID can not be specified simultaneously");
                break;
        }

        if (source.DatasetName?.Contains('/') == true)
        {
            errors.At("datasetName").Invalid(source.DatasetName, "must not contain '/'");
        }
    }

    public static void Quobyte(V1QuobyteVolumeSource source, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(source.Registry))
        {
            errors.At("registry").Required(HostAndPort);
        }
        else if (source.Tenant?.Length >= 65)
        {
            errors.At("tenant").Required("must be a UUID and may not exceed a length of 64 characters");
        }
        else
        {
            foreach (var _ in source.Registry.Split(',').Where(pair => !HostPort().IsMatch(pair)))
            {
                errors.At("registry").Invalid(source.Registry, HostAndPort);
            }
        }

        errors.At("volume").MustBeSet(source.Volume);
    }

    public static void Fc(V1FCVolumeSource source, FieldErrors errors)
    {
        var (targets, ids) = (source.TargetWWNs is { Count: > 0 }, source.Wwids is { Count: > 0 });
        if (!targets && !ids)
        {
            errors.At("targetWWNs").Required("must specify either targetWWNs or wwids, but not both");
        }

        if (targets && ids)
        {
            errors.At("targetWWNs").Invalid(source.TargetWWNs, "targetWWNs and wwids can not be specified simultaneously");
        }

        if (targets && source.Lun is null)
        {
            errors.At("lun").Required("lun is required if targetWWNs is specified");
        }
        else if (targets)
        {
            errors.At("lun").Report(source.Lun, NameRules.InRange(source.Lun!.Value, 0, 255));
        }
    }

    public static void Flex(string? driver, IDictionary<string, string>? options, FieldErrors errors)
    {
        errors.At("driver").MustBeSet(driver);
        foreach (var key in options?.Keys ?? [])
        {
            var domain = "." + key.Split('/', 2)[0].ToLowerInvariant();
            if (domain.EndsWith(".kubernetes.io", StringComparison.Ordinal) || domain.EndsWith(".k8s.io", StringComparison.Ordinal))
            {
                errors.At("options").Key(key).Invalid(key, "kubernetes.io and k8s.io namespaces are reserved");
            }
        }
    }

    public static void AzureDisk(V1AzureDiskVolumeSource source, FieldErrors errors)
    {
        errors.At("diskName").MustBeSet(source.DiskName);
        errors.At("diskURI").MustBeSet(source.DiskURI);
        errors.At("cachingMode").OneOf(source.CachingMode, CachingModes);
        errors.At("kind").OneOf(source.Kind, DiskKinds);
        var uri = source.DiskURI ?? "";
        if (source.Kind == "Managed" && !uri.StartsWith("/subscriptions/", StringComparison.Ordinal))
        {
            errors.At("diskURI").NotSupported(uri, "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}");
        }

        if (source.Kind is not (null or "Managed") && !uri.StartsWith("https://", StringComparison.Ordinal))
        {
            errors.At("diskURI").NotSupported(uri, "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");
        }
    }

    public static void Monitors(IList<string>? monitors, FieldErrors errors)
    {
        if (monitors is not { Count: > 0 })
        {
            errors.At("monitors").Required();
        }
    }

    public static void StorageOs(string? name, string? space, FieldErrors errors)
    {
        errors.At("volumeName").RequiredName(name, NameRules.DnsLabel);
        if (!string.IsNullOrEmpty(space))
        {
            errors.At("volumeNamespace").Report(space, NameRules.DnsLabel(space));
        }
    }

    public static void ScaleIo(string? gateway, string? system, string? volume, FieldErrors errors)
    {
        errors.At("gateway").MustBeSet(gateway);
        errors.At("system").MustBeSet(system);
        errors.At("volumeName").MustBeSet(volume);
    }

    /// <param name="hint">Pods say more of a name that begins with none of the three prefixes.</param>
    public static void IscsiName(string? name, string hint, FieldErrors errors)
    {
        var wrong = name switch
        {
            null => null,
            _ when name.StartsWith("iqn", StringComparison.Ordinal) => Iqn().IsMatch(name) ? null : "must be valid format",
            _ when name.StartsWith("eui", StringComparison.Ordinal) => Eui().IsMatch(name) ? null : "must be valid format",
            _ when name.StartsWith("naa", StringComparison.Ordinal) => Naa().IsMatch(name) ? null : "must be valid format",
            _ => hint,
        };
        if (wrong is not null)
        {
            errors.Invalid(name, wrong);
        }
    }

    private static void Partition(int? partition, FieldErrors errors)
    {
        if (partition is < 0 or > 255)
        {
            errors.Invalid(partition, "must be between 1 and 255, inclusive");
        }
    }

    [GeneratedRegex(@"^(\[[^\]]*\]|[^:\[\]]*):[^:\[\]]*$")]
    private static partial Regex HostPort();

    [GeneratedRegex(@"iqn\.[0-9]{4}-[0-9]{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$")]
    private static partial Regex Iqn();

    [GeneratedRegex("^eui.[A-Za-z0-9]{16}$")]
    private static partial Regex Eui();

    [GeneratedRegex("^naa.[A-Za-z0-9]{32}$")]
    private static partial Regex Naa();
}

using System.Text.Json.Nodes;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Defaults of one volume.</summary>
internal static class VolumeDefaults
{
    private const int FileMode = 420; // 0644

    public static void Apply(JsonObject volume)
    {
        // A name alone is an empty directory.
        if (!volume.Any(p => p.Key != "name" && p.Value is not null))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var source in (ReadOnlySpan<string>)["secret", "configMap", "downwardAPI", "projected"])
        {
            volume.Object(source)?.DefaultTo("defaultMode", FileMode);
        }

        if (volume.Object("hostPath") is { } path && path["type"] is null)
        {
            path["type"] = "";
        }

        if (volume.Object("image") is { } image)
        {
            image.DefaultTo("pullPolicy", ImageReference.DefaultPullPolicy(image.Text("reference")));
        }

        Iscsi(volume.Object("iscsi"));
        Rbd(volume.Object("rbd"));
        AzureDisk(volume.Object("azureDisk"));
        ScaleIo(volume.Object("scaleIO"));
        Files(volume.Object("downwardAPI"));
        foreach (var source in volume.Object("projected").Objects("sources"))
        {
            source.Object("serviceAccountToken")?.DefaultTo("expirationSeconds", 3600);
            Files(source.Object("downwardAPI"));
        }

        volume.Object("ephemeral").Object("volumeClaimTemplate").Object("spec")?.DefaultAbsentTo("volumeMode", "Filesystem");
    }

    private static void Files(JsonObject? source)
    {
        foreach (var item in source.Objects("items"))
        {
            item.Object("fieldRef")?.DefaultTo("apiVersion", "v1");
            ContainerDefaults.ZeroDivisor(item.Object("resourceFieldRef"));
        }
    }

    private static void Iscsi(JsonObject? source) => source?.DefaultTo("iscsiInterface", "default");

    private static void Rbd(JsonObject? source)
    {
        source?.DefaultTo("pool", "rbd");
        source?.DefaultTo("user", "admin");
        source?.DefaultTo("keyring", "/etc/ceph/keyring");
    }

    private static void AzureDisk(JsonObject? source)
    {
        source?.DefaultTo("cachingMode", "ReadWrite");
        source?.DefaultTo("kind", "Shared");
        source?.DefaultTo("fsType", "ext4");
        source?.DefaultTo("readOnly", false);
    }

    private static void ScaleIo(JsonObject? source)
    {
        source?.DefaultTo("storageMode", "ThinProvisioned");
        source?.DefaultTo("fsType", "xfs");
    }
}

using Xunit;

namespace GrainKube.Resources.Tests.Core.PersistentVolumes;

public sealed class PersistentVolumeValidatorTests
{
    private const string Good = """{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/srv/v"}}}""";

    [Fact]
    public void A_volume_is_one_place_of_a_size()
    {
        Assert.Empty(Written.Create("persistentvolumes", Good).Errors);
        Assert.Equal(
            ["spec.accessModes: Required value: at least 1 access mode is required", "spec.capacity: Required value", "spec: Required value: must specify a volume type"],
            Written.Create("persistentvolumes", """{"metadata":{"name":"v"},"spec":{}}""").Errors);
        Assert.Equal(
            [
                "spec.hostPath.path: Invalid value: \"/srv/../etc\": must not contain '..'", "spec.local: Forbidden: may not specify more than 1 volume type",
                "spec.nodeAffinity: Required value: Local volume requires node affinity",
            ],
            Written.Create("persistentvolumes", Good.Replace("\"/srv/v\"}", "\"/srv/../etc\"},\"local\":{\"path\":\"/x\"}", StringComparison.Ordinal)).Errors);
    }

    [Fact]
    public void Its_place_does_not_change()
    {
        var current = Written.Create("persistentvolumes", Good).Item;
        Assert.Equal(
            ["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"],
            Written.Update("persistentvolumes", current, item => item["spec"]!["hostPath"]!["path"] = "/srv/w").Errors);
        Assert.Empty(Written.Update("persistentvolumes", current, item => item["spec"]!["persistentVolumeReclaimPolicy"] = "Delete").Errors);
    }
}

using System.Text.Json.Nodes;
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
            ["spec.accessModes: Required value", "spec.capacity: Required value", "spec.capacity: Unsupported value: null: supported values: \"storage\"", "spec: Required value: must specify a volume type"],
            Written.Create("persistentvolumes", """{"metadata":{"name":"v"},"spec":{}}""").Errors);
        Assert.Equal(
            [
                "spec.hostPath.path: Invalid value: \"/srv/../etc\": must not contain '..'", "spec.local: Forbidden: may not specify more than 1 volume type",
            ],
            Written.Create("persistentvolumes", Good.Replace("\"/srv/v\"}", "\"/srv/../etc\"},\"local\":{\"path\":\"/x\"}", StringComparison.Ordinal)).Errors);
    }

    [Theory]
    [InlineData(""","flexVolume":{"driver":"a/b"}""", null)]
    [InlineData(""","flexVolume":{}""", "spec.flexVolume.driver: Required value")]
    [InlineData(""","flexVolume":{"driver":"a/b"},"csi":{"driver":"a","volumeHandle":"b"}""", "spec.csi: Forbidden: may not specify more than 1 volume type")]
    public void A_flex_volume_may_stand_beside_another_as_upstream_has_it(string more, string? error) =>
        Assert.Equal(error is null ? [] : [error], Written.Create("persistentvolumes", Good.Replace("\"/srv/v\"}", "\"/srv/v\"}" + more, StringComparison.Ordinal)).Errors);

    [Fact]
    public void It_says_since_when_it_has_its_phase()
    {
        const string Earlier = "2020-01-02T03:04:05Z";
        var current = Written.Create("persistentvolumes", Good).Item;
        var made = current["status"]!["lastPhaseTransitionTime"]!.GetValue<string>();
        current["status"]!["lastPhaseTransitionTime"] = Earlier;

        Assert.Equal(Earlier, Since(status => status["message"] = "more"));
        Assert.Equal(Earlier, Since(status => status.Remove("lastPhaseTransitionTime")));
        Assert.Equal(made, Since(status => status["phase"] = "Available"));
        Assert.Equal("2021-01-02T03:04:05Z", Since(status => (status["phase"], status["lastPhaseTransitionTime"]) = ("Bound", "2021-01-02T03:04:05Z")));

        string Since(Action<JsonObject> change) =>
            Written.Update("persistentvolumes", current, item => change(item["status"]!.AsObject()), "status").Item["status"]!["lastPhaseTransitionTime"]!.GetValue<string>();
    }

    [Fact]
    public void Its_place_does_not_change()
    {
        var current = Written.Create("persistentvolumes", Good).Item;
        Assert.Equal(
            ["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n- hostPath: {\"path\":\"/srv/v\",\"type\":\"\"}\n+ hostPath: {\"path\":\"/srv/w\",\"type\":\"\"}\n"],
            Written.Update("persistentvolumes", current, item => item["spec"]!["hostPath"]!["path"] = "/srv/w").Errors);
        Assert.Empty(Written.Update("persistentvolumes", current, item => item["spec"]!["persistentVolumeReclaimPolicy"] = "Delete").Errors);
    }

    [Theory]
    [InlineData("""{"local":{"path":"/x"}}""", "spec.nodeAffinity: Required value: Local volume requires node affinity")]
    [InlineData("""{"nfs":{"server":"s","path":"x"}}""", "spec.nfs.path: Invalid value: \"x\": must be an absolute path")]
    [InlineData("""{"csi":{"driver":"Ok.io","volumeHandle":"h","nodeStageSecretRef":{}},"volumeAttributesClassName":""}""", "spec.volumeAttributesClassName: Required value: an empty string is disallowed")]
    [InlineData("""{"csi":{"driver":"-"}}""", "spec.csi.driver: Invalid value: \"-\": a lowercase RFC 1123 subdomain", "spec.csi.volumeHandle: Required value")]
    [InlineData("""{"hostPath":{"path":"/"},"persistentVolumeReclaimPolicy":"Recycle"}""", "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'")]
    [InlineData("""{"iscsi":{"targetPortal":"p","iqn":"x","lun":300}}""", "spec.iscsi.iqn: Invalid value: \"x\": must be valid format", "spec.iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive")]
    [InlineData("""{"hostPath":{"path":"/a"},"nodeAffinity":{}}""", "spec.nodeAffinity.required: Required value: must specify required node constraints")]
    public void What_is_wrong_with_its_place_is_told(string source, params string[] errors)
    {
        var item = System.Text.Json.Nodes.JsonNode.Parse(Good)!.AsObject();
        item["spec"]!.AsObject().Remove("hostPath");
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(source)!.AsObject().ToArray())
        {
            item["spec"]![name] = value?.DeepClone();
        }

        var found = Written.Create("persistentvolumes", item.ToJsonString()).Errors;

        Written.AssertBegins(errors, found);
    }
}

using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Schemas;
using Xunit;

namespace GrainKube.Resources.Tests.Schemas;

public class ChangedFieldsTests
{
    private static readonly Schema Pod = Written.Definition("pods").Schema;
    private static readonly DecodeTarget Target = new("", "v1", "Pod");

    [Theory]
    [InlineData("""{"metadata":{"labels":{"app":null,"tier":"back"}}}""")]
    [InlineData("""{"metadata":{"annotations":{"a":"1"},"labels":null}}""")]
    [InlineData("""{"metadata":{"finalizers":[]}}""")]
    [InlineData("""{"spec":{"activeDeadlineSeconds":5,"tolerations":[{"key":"spot","tolerationSeconds":null}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"a:2","resources":{"limits":{"cpu":"0.5","memory":"1024Mi"}}}]}}""")]
    [InlineData("""{"status":{"phase":"Running","podIPs":[],"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-05-04T14:00:00+02:00"}]}}""")]
    [InlineData("""{"status":{"startTime":"2026-05-04T12:00:00Z"},"metadata":{"labels":{"x":"y"}}}""")]
    [InlineData("""{"status":null}""")]
    [InlineData("""{"status":{}}""")]
    [InlineData("""{}""")]
    public void What_a_merge_patch_changes_reads_as_if_the_whole_object_were_read(string patch)
    {
        var whole = ObjectDecoder.DecodePatched(MergePatch.Apply(Stored(), JsonNode.Parse(patch)), Pod, Target);
        SchemaDefaults.Apply(whole, Pod);
        var changes = JsonNode.Parse(patch)!.AsObject();
        var changed = MergePatch.Apply(Stored(), changes);

        Assert.True(ObjectDecoder.TryDecodeChanged(changed, changes, Pod));
        Assert.Equal(whole.ToJsonString(), changed.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"containers":{}}}""")]
    [InlineData("""{"spec":{"activeDeadlineSeconds":"5"}}""")]
    [InlineData("""{"spec":{"colour":"red"}}""")]
    [InlineData("""{"status":{"conditions":[{"type":"Ready","colour":"red"}]}}""")]
    [InlineData("""{"colour":"red"}""")]
    [InlineData("""{"kind":"Node"}""")]
    [InlineData("""{"$retainKeys":["spec"]}""")]
    public void A_patch_that_is_to_be_complained_of_is_left_to_the_reader_of_the_whole(string patch)
    {
        var changes = JsonNode.Parse(patch)!.AsObject();
        var changed = MergePatch.Apply(Stored(), changes);
        var before = changed.ToJsonString();

        Assert.False(ObjectDecoder.TryDecodeChanged(changed, changes, Pod));
        Assert.Equal(before, changed.ToJsonString());
    }

    private static JsonObject Stored()
    {
        var item = ObjectDecoder.Decode(
            Encoding.UTF8.GetBytes("""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"app":"web"},"finalizers":["example.com/a"]},
                "spec":{"containers":[{"name":"web","image":"a:1","resources":{"requests":{"cpu":"20m"}}}]},"status":{"phase":"Pending","qosClass":"Burstable"}}
                """),
            Pod,
            Target);
        SchemaDefaults.Apply(item, Pod);
        return item;
    }
}

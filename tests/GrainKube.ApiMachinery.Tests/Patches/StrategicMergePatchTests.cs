using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Tests.Schemas;

namespace GrainKube.ApiMachinery.Tests.Patches;

public class StrategicMergePatchTests
{
    private const string Two = """{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}""";

    [Theory]
    [InlineData(Two, """{"spec":{"containers":[{"name":"b","image":"9"},{"name":"c"}]}}""", """{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"9"},{"name":"c"}]}}""")]
    [InlineData(Two, """{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}""", """{"spec":{"containers":[{"name":"b","image":"2"}]}}""")]
    [InlineData(Two, """{"spec":{"containers":[{"name":"z"},{"$patch":"replace"}]}}""", """{"spec":{"containers":[{"name":"z"}]}}""")]
    [InlineData(Two, """{"spec":{"containers":[{"name":"a","$patch":"replace","args":["x"]}]}}""", """{"spec":{"containers":[]}}""")]
    [InlineData(Two, """{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}""", """{"spec":{"containers":[{"name":"b","image":"2"},{"name":"a","image":"1"}]}}""")]
    [InlineData(Two, """{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}],"containers":[{"name":"c"}]}}""", """{"spec":{"containers":[{"name":"c"},{"name":"a","image":"1"},{"name":"b","image":"2"}]}}""")]
    [InlineData(Two, """{"spec":{"$patch":"replace","hostNetwork":true}}""", """{"spec":{"hostNetwork":true}}""")]
    [InlineData(Two, """{"spec":null}""", """{}""")]
    [InlineData("""{"spec":{"strategy":{"type":"R","rollingUpdate":{"maxSurge":"1"}}}}""", """{"spec":{"strategy":{"$retainKeys":["type"],"type":"X"}}}""", """{"spec":{"strategy":{"type":"X"}}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"finalizers":["b","c"]}}""", """{"metadata":{"finalizers":["a","b","c"]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", """{"metadata":{"finalizers":["b"]}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$setElementOrder/finalizers":["c","b"],"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""", """{"metadata":{"finalizers":["c","b"]}}""")]
    [InlineData("""{"spec":{"tolerations":[{"key":"a"}]}}""", """{"spec":{"tolerations":[{"key":"b"}]}}""", """{"spec":{"tolerations":[{"key":"b"}]}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"a":null,"b":"2"}}}""", """{"metadata":{"labels":{"b":"2"}}}""")]
    [InlineData("""{}""", """{"metadata":{"labels":{"a":null,"b":"2"}}}""", """{"metadata":{"labels":{"b":"2"}}}""")]
    [InlineData(Two, """{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80}]}]}}""", """{"spec":{"containers":[{"name":"a","image":"1","ports":[{"containerPort":80}]},{"name":"b","image":"2"}]}}""")]
    public void Merges_as_the_schema_says(string target, string patch, string result)
    {
        var before = JsonNode.Parse(patch)!;
        var merged = StrategicMergePatch.Apply(JsonNode.Parse(target)!.AsObject(), before, PodSchema.Value);
        Assert.Equal(result, merged.ToJsonString());
        Assert.Equal(JsonNode.Parse(patch)!.ToJsonString(), before.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"containers":{"$retainKeys":1},"strategy":{"$retainKeys":1}}}""", "invalid patch format of retainKeys")]
    [InlineData("""{"spec":{"$deleteFromPrimitiveList":[]}}""", "invalid patch format of primitive list")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public void Malformed_lists_of_directives_are_bad_requests(string patch, string message) => Assert.Equal((400, message), Refused(patch));

    [Theory]
    [InlineData("""{"spec":{"containers":[{"image":"x"}]}}""")]
    [InlineData("""{"spec":{"$patch":"fly"}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a","$patch":"fly"}]}}""")]
    [InlineData("""{"spec":{"$setElementOrder/containers":5}}""")]
    public void Patches_that_do_not_fit_are_unprocessable(string patch) => Assert.Equal((422, "the server rejected our request due to an error in our request"), Refused(patch));

    private static (int Code, string Message) Refused(string patch)
    {
        var target = JsonNode.Parse("""{"spec":{"containers":[{"name":"a"}],"strategy":{"type":"x"}}}""")!.AsObject();
        var refused = Assert.Throws<ApiException>(() => StrategicMergePatch.Apply(target, JsonNode.Parse(patch), PodSchema.Value));
        return (refused.Status.Code, refused.Message);
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Patches;

namespace GrainKube.ApiMachinery.Tests.Patches;

public class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":2}]""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/1","value":9},{"op":"add","path":"/a/-","value":8}]""", """{"a":[1,9,2,8]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"remove","path":"/a/-1"}]""", """{"a":[1]}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"remove","path":"/a/b"}]""", """{"a":{}}""")]
    [InlineData("""{"a/b":1,"c~d":2}""", """[{"op":"replace","path":"/a~1b","value":3},{"op":"remove","path":"/c~0d"}]""", """{"a/b":3}""")]
    [InlineData("""{"a":{"x":1}}""", """[{"op":"copy","from":"/a","path":"/b"},{"op":"move","from":"/a","path":"/c"}]""", """{"b":{"x":1},"c":{"x":1}}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1},{"op":"test","path":"/b","value":null}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"z":1}}]""", """{"z":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/b","value":2},{"op":"copy","from":"/none","path":"/c"}]""", """{"a":1,"b":2,"c":null}""")]
    [InlineData("""{"a":1}""", "null", """{"a":1}""")]
    public void Operations_apply_in_order(string target, string patch, string result) =>
        Assert.Equal(result, JsonPatch.Apply(JsonNode.Parse(target)!, JsonNode.Parse(patch)).ToJsonString());

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/nope"}]""")]
    [InlineData("""[{"op":"replace","path":"/nope/x","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/nope/x","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/list/5","value":1}]""")]
    [InlineData("""[{"op":"remove","path":"/list/-"}]""")]
    [InlineData("""[{"op":"add","path":"a","value":1}]""")]
    [InlineData("""[{"op":"fly","path":"/a"}]""")]
    [InlineData("""[{}]""")]
    [InlineData("""[{"op":5,"path":"/a"}]""")]
    [InlineData("""[{"op":"copy","from":"/nope/q","path":"/y"}]""")]
    public void What_does_not_apply_is_unprocessable(string patch)
    {
        var refused = Assert.Throws<ApiException>(() => JsonPatch.Apply(JsonNode.Parse("""{"a":1,"list":[1]}""")!, JsonNode.Parse(patch)));
        Assert.Equal((422, "Invalid", "the server rejected our request due to an error in our request"), (refused.Status.Code, refused.Status.Reason, refused.Message));
    }

    [Theory]
    [InlineData("{}", "json: cannot unmarshal object into Go value of type jsonpatch.Patch")]
    [InlineData("[5]", "json: cannot unmarshal number into Go value of type jsonpatch.Operation")]
    public void What_is_no_patch_is_a_bad_request(string patch, string message)
    {
        var refused = Assert.Throws<ApiException>(() => JsonPatch.Apply(new JsonObject(), JsonNode.Parse(patch)));
        Assert.Equal((400, message), (refused.Status.Code, refused.Message));
    }
}

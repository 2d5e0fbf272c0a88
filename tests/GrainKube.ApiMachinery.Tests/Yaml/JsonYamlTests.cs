using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiMachinery.Tests.Yaml;

public sealed class JsonYamlTests
{
    [Fact]
    public void Members_are_sorted_and_lists_not_indented() =>
        Assert.Equal("a: {}\nb:\n- 1\n- x: null\n  z: true\nc: []\n", Written("""{"c":[],"b":[1,{"z":true,"x":null}],"a":{}}"""));

    [Theory]
    [InlineData("2020-01-01T00:00:00Z", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("no", "\"no\"")]
    [InlineData("", "\"\"")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("100m", "100m")]
    [InlineData("a-b", "a-b")]
    [InlineData("*", "'*'")]
    [InlineData("a: b", "'a: b'")]
    public void A_text_that_would_be_read_as_something_else_is_quoted(string text, string expected) =>
        Assert.Equal($"a: {expected}\n", Written(new JsonObject { ["a"] = text }.ToJsonString()));

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("one\n\n two \n")]
    [InlineData("\n")]
    [InlineData(" lead\n")]
    [InlineData("tab\there\r\n\u0001")]
    [InlineData("é\ud83d\ude00 \"quoted\" # no comment")]
    public void What_is_written_reads_back(string text)
    {
        var json = new JsonObject { ["a"] = text, [text] = new JsonArray(text, 1.5, false) };
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(YamlJson.Convert(JsonYaml.Convert(Encoding.UTF8.GetBytes(json.ToJsonString()))))));
    }

    private static string Written(string json) => Encoding.UTF8.GetString(JsonYaml.Convert(Encoding.UTF8.GetBytes(json)));
}

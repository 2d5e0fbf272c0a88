using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiMachinery.Tests.Yaml;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("a: 1\nb: [x, '2', true, ~, 010]", """{"a":1,"b":["x","2",true,null,8]}""")]
    [InlineData("{\"a\": {\"b\": 1.5}}", """{"a":{"b":1.5}}""")]
    [InlineData("a: &x {b: 1}\nc: *x", """{"a":{"b":1},"c":{"b":1}}""")]
    [InlineData("base: &x {a: 1, b: 2}\nmade: {<<: *x, b: 3}", """{"base":{"a":1,"b":2},"made":{"b":3,"a":1}}""")]
    [InlineData("base: &x {a: 1}\nother: &y {a: 2, b: 2}\nmade: {<<: [*x, *y]}", """{"base":{"a":1},"other":{"a":2,"b":2},"made":{"a":1,"b":2}}""")]
    [InlineData("text: |\n  one\n  two\n", """{"text":"one\ntwo\n"}""")]
    [InlineData("'<<': 1", """{"<<":1}""")]
    [InlineData("a: !!str 1", """{"a":"1"}""")]
    [InlineData("", "null")]
    [InlineData("# nothing", "null")]
    [InlineData("a: 1\n---\nb: 2", """{"a":1}""")]
    public void Yaml_is_written_as_Json(string yaml, string json) => Assert.Equal(json, Encoding.UTF8.GetString(YamlJson.Convert(Encoding.UTF8.GetBytes(yaml))));

    [Theory]
    [InlineData("? [complex]\n: key", "invalid map key")]
    [InlineData("a: 1\na: 2", "mapping key \"a\" already defined")]
    [InlineData("a: *nobody", "unknown anchor 'nobody' referenced")]
    [InlineData("<<: 1", "map merge requires")]
    [InlineData("a: &a [*a, *a]", "unknown anchor")]
    [InlineData("kind: [a--1h\n1: -1h\n", "yaml: ")]
    [InlineData("{", "yaml: ")]
    public void What_is_no_object_of_the_API_is_refused(string yaml, string why) => Assert.Contains(why, Refusal(yaml), StringComparison.Ordinal);

    [Fact]
    public void Aliases_do_not_blow_up()
    {
        var lines = Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");

        Assert.Contains("excessive aliasing", Refusal("a0: &a0 [x]\n" + string.Join('\n', lines)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void A_text_of_brackets_is_refused(char bracket) => Assert.Contains("yaml: ", Refusal(new string(bracket, 200_000)), StringComparison.Ordinal);

    private static string Refusal(string yaml)
    {
        var refusal = Assert.Throws<ApiException>(() => YamlJson.Convert(Encoding.UTF8.GetBytes(yaml)));
        Assert.Equal(400, refusal.Status.Code);
        return refusal.Status.Message;
    }
}

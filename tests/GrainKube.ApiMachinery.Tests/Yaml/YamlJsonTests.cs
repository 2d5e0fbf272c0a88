using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiMachinery.Tests.Yaml;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("a: 1\nb: yes\nc: 'yes'\nd: 0644\ne: 1.5\nf: ~\ng: 08", """{"a":1,"b":true,"c":"yes","d":420,"e":1.5,"f":null,"g":"08"}""")]
    [InlineData("b: 1\na: 2", """{"a":2,"b":1}""")]
    [InlineData("x: &y {a: 1, b: 2}\nz:\n  <<: *y\n  b: 3\nl: [*y]", """{"l":[{"a":1,"b":2}],"x":{"a":1,"b":2},"z":{"a":1,"b":3}}""")]
    [InlineData("", "null")]
    [InlineData("{\"a\": [1, {\"b\": \"c\"}]}", """{"a":[1,{"b":"c"}]}""")]
    public void A_document_becomes_JSON(string yaml, string json) => Assert.Equal(json, Text(YamlJson.Convert(Encoding.UTF8.GetBytes(yaml))));

    [Fact]
    public void Of_keys_that_come_twice_the_last_counts_and_all_are_told_by_line()
    {
        var json = YamlJson.Convert("a: 1\nb:\n- c: 1\n  c: 2\na: 3\n"u8.ToArray(), out var duplicates);

        Assert.Equal("""{"a":3,"b":[{"c":2}]}""", Text(json));
        Assert.Equal("yaml: unmarshal errors:\n  line 4: key \"c\" already set in map\n  line 5: key \"a\" already set in map", duplicates);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(500)]
    public void A_deep_document_becomes_JSON(int depth)
    {
        var deep = new string('[', depth) + new string(']', depth);
        Assert.Equal(deep, Text(YamlJson.Convert(Encoding.UTF8.GetBytes(deep))));
    }

    [Fact]
    public void A_document_that_is_too_deep_is_refused() =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => YamlJson.Convert(Encoding.UTF8.GetBytes(new string('[', 600) + new string(']', 600)))).Status.Code);

    [Theory]
    [InlineData("a: [1")]
    [InlineData("? [a]\n: b")]
    [InlineData("a: *nobody")]
    [InlineData("<<: 5")]
    [InlineData("a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]")]
    public void What_is_no_YAML_or_blows_up_is_refused(string yaml)
    {
        var refused = Assert.Throws<ApiException>(() => YamlJson.Convert(Encoding.UTF8.GetBytes(yaml)));
        Assert.Equal(400, refused.Status.Code);
        Assert.StartsWith("error converting YAML to JSON: yaml: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base: &x {a: 1}\nother: &y {a: 2, b: 2}\nmade: {<<: [*x, *y]}", """{"base":{"a":1},"made":{"a":1,"b":2},"other":{"a":2,"b":2}}""")]
    [InlineData("text: |\n  one\n  two\n", """{"text":"one\ntwo\n"}""")]
    [InlineData("'<<': 1", """{"<<":1}""")]
    [InlineData("a: !!str 1", """{"a":"1"}""")]
    [InlineData("# nothing", "null")]
    [InlineData("a: 1\n---\nb: 2", """{"a":1}""")]
    public void The_rarer_parts_of_YAML_become_JSON(string yaml, string json) => Assert.Equal(json, Text(YamlJson.Convert(Encoding.UTF8.GetBytes(yaml))));

    [Theory]
    [InlineData("? [complex]\n: key", "invalid map key")]
    [InlineData("a: *nobody", "unknown anchor 'nobody' referenced")]
    [InlineData("<<: 1", "map merge requires")]
    [InlineData("a: &a [*a, *a]", "unknown anchor")]
    [InlineData("kind: [a--1h\n1: -1h\n", "yaml: ")]
    [InlineData("{", "yaml: ")]
    public void A_refusal_says_why(string yaml, string why) =>
        Assert.Contains(why, Assert.Throws<ApiException>(() => YamlJson.Convert(Encoding.UTF8.GetBytes(yaml))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void A_text_of_brackets_is_refused(char bracket) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => YamlJson.Convert(Encoding.UTF8.GetBytes(new string(bracket, 200_000)))).Status.Code);

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}

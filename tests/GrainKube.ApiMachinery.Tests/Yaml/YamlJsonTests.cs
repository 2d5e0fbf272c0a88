using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Yaml;

namespace GrainKube.ApiMachinery.Tests.Yaml;

public class YamlJsonTests
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

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}

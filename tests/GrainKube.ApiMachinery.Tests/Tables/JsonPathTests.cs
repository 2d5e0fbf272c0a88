using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Tables;

namespace GrainKube.ApiMachinery.Tests.Tables;

public sealed class JsonPathTests
{
    private static readonly JsonNode Item = JsonNode.Parse("""{"spec":{"n":3,"a.b":"dot","list":[{"type":"X","v":1},{"type":"Ready","v":2}]}}""")!;

    [Theory]
    [InlineData(".spec.n", "3")]
    [InlineData("$.spec.n", "3")]
    [InlineData("spec.n", "3")]
    [InlineData(@".spec.a\.b", "dot")]
    [InlineData(".spec['a.b']", "dot")]
    [InlineData(".spec.list[0].v", "1")]
    [InlineData(".spec.list[-1].v", "2")]
    [InlineData(".spec.list[*].v", "1 2")]
    [InlineData(".spec.list[0:1].v", "1")]
    [InlineData(".spec.list[?(@.type==\"Ready\")].v", "2")]
    [InlineData(".spec.list[?(@.v>1)].type", "Ready")]
    [InlineData(".spec.absent.x", "")]
    public void Finds_what_it_names(string path, string expected) => Assert.Equal(expected, string.Join(' ', JsonPath.Parse(path).Find(Item)));

    [Theory]
    [InlineData(".spec.list[")]
    [InlineData(".spec.list[x]")]
    [InlineData("..n")]
    public void Refuses_what_is_no_path(string path) => Assert.Throws<FormatException>(() => JsonPath.Parse(path));
}

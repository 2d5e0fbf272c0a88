using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Selectors;

namespace GrainKube.ApiMachinery.Tests.Selectors;

public class LabelSelectorTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("a=1", true)]
    [InlineData("a==1,b=", true)]
    [InlineData("a!=1", false)]
    [InlineData("z!=1", true)]
    [InlineData("a in (2, 1)", true)]
    [InlineData("a notin (1)", false)]
    [InlineData("z notin (1)", true)]
    [InlineData("a,!z", true)]
    [InlineData("!a", false)]
    [InlineData("n>4,n<6", true)]
    [InlineData("n>5", false)]
    [InlineData("b in (,x)", true)]
    [InlineData("b in ()", true)]
    [InlineData("in in (in)", false)]
    public void Matches_what_it_says(string text, bool matches) =>
        Assert.Equal(matches, LabelSelector.Parse(text).Matches(new Dictionary<string, string> { ["a"] = "1", ["b"] = "", ["n"] = "5" }));

    [Theory]
    [InlineData("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("a in", "unable to parse requirement: found '' expected: '('")]
    [InlineData("a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier")]
    [InlineData("a in (x,", "unable to parse requirement: found '', expected: ',', or identifier")]
    [InlineData("a=b c", "found 'c', expected: ',' or 'end of string'")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData(",", "found ',', expected: !, identifier, or 'end of string'")]
    [InlineData("a,", "found '', expected: identifier after ','")]
    [InlineData("()", "found '(', expected: !, identifier, or 'end of string'")]
    [InlineData("a>5x", "unable to parse requirement: values[0]: Invalid value: \"5x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("a=_", "unable to parse requirement: values[0][a]: Invalid value: \"_\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    [InlineData("_a", "unable to parse requirement: <nil>: Invalid value: \"_a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    public void Nonsense_is_refused(string text, string message)
    {
        var refused = Assert.Throws<ApiException>(() => LabelSelector.Parse(text));
        Assert.Equal((400, message), (refused.Status.Code, refused.Message));
    }

    [Fact]
    public void The_selector_of_an_object_is_read_from_json()
    {
        var selector = LabelSelector.From(JsonNode.Parse("""{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["b","a"]},{"key":"x","operator":"DoesNotExist"}]}""")!.AsObject());
        Assert.Equal("app=web,tier in (a,b),!x", selector.ToString());
        Assert.True(selector.Matches(new Dictionary<string, string> { ["app"] = "web", ["tier"] = "a" }));
        Assert.False(selector.Matches(new Dictionary<string, string> { ["app"] = "web", ["tier"] = "a", ["x"] = "" }));
        Assert.False(LabelSelector.From((JsonObject?)null).Matches(new Dictionary<string, string>()));
        Assert.True(LabelSelector.From([]).Matches(new Dictionary<string, string>()));
    }
}

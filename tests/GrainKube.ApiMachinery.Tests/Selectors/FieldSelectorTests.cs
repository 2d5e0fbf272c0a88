using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Selectors;

namespace GrainKube.ApiMachinery.Tests.Selectors;

public class FieldSelectorTests
{
    [Fact]
    public void Terms_are_read_with_their_escapes()
    {
        var selector = FieldSelector.Parse(@"b!=x\,y,a==1,c=\\");
        Assert.Equal(
            [new FieldRequirement("a", "1", true), new FieldRequirement("b", "x,y", false), new FieldRequirement("c", @"\", true)],
            selector.Requirements);
        Assert.Equal("1", selector.ValueOf("a"));
        Assert.Null(selector.ValueOf("b"));
        Assert.Equal(@"a=1,b!=x\,y,c=\\", selector.ToString());
    }

    [Theory]
    [InlineData("a", "invalid selector: 'a'; can't understand 'a'")]
    [InlineData(@"a=b\c", @"invalid field selector: invalid escape sequence: \c")]
    [InlineData("a=b=c", "invalid field selector: unescaped character in value: 61")]
    public void Nonsense_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ApiException>(() => FieldSelector.Parse(text)).Message);
}

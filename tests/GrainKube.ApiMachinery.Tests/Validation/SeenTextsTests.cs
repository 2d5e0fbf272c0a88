using CsCheck;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Tests.Validation;

public sealed class SeenTextsTests
{
    [Fact]
    public void It_tells_what_comes_twice_as_a_set_does() => Gen.Int[0, 12].Select(i => $"t{i}").List[0, 20].Sample(texts =>
    {
        var (seen, model) = (new SeenTexts(), new HashSet<string>());
        foreach (var text in texts)
        {
            Assert.Equal(model.Add(text), seen.Add(text));
        }
    });
}

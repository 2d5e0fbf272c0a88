using CsCheck;
using GrainKube.ApiMachinery.Quantities;

namespace GrainKube.ApiMachinery.Tests.Quantities;

public class QuantityTests
{
    [Theory]
    [InlineData("1000m", "1")]
    [InlineData("0.5", "500m")]
    [InlineData("1500m", "1500m")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("1000Ki", "1000Ki")]
    [InlineData("1023", "1023")]
    [InlineData("512Ki", "512Ki")]
    [InlineData("0.5Ki", "512")]
    [InlineData("1e3", "1e3")]
    [InlineData("1000e0", "1e3")]
    [InlineData("12E", "9223372036854775807")]
    [InlineData("1000k", "1M")]
    [InlineData("0.0000000001", "1n")]
    [InlineData("-2000m", "-2")]
    [InlineData("+1", "1")]
    [InlineData("0Gi", "0")]
    [InlineData("100000", "100k")]
    [InlineData("1.", "1")]
    [InlineData(".5", "500m")]
    public void Text_is_canonical(string text, string canonical) => Assert.Equal(canonical, Quantity.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1x")]
    [InlineData("1.2.3")]
    [InlineData("1 Gi")]
    [InlineData("1KiB")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Quantity.TryParse(text, out _, out var complaint));
        Assert.Equal("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'", complaint);
    }

    [Fact]
    public void A_suffix_that_is_none_is_named()
    {
        Assert.False(Quantity.TryParse("1kM", out _, out var complaint));
        Assert.Equal("unable to parse quantity's suffix", complaint);
    }

    [Fact]
    public void Parts_of_a_unit_round_away_from_zero()
    {
        Assert.Equal(2, Quantity.Parse("1100m").Value);
        Assert.Equal(-2, Quantity.Parse("-1100m").Value);
        Assert.Equal(1, Quantity.Parse("100u").MilliValue);
    }

    [Fact]
    public void The_canonical_text_reads_back_as_the_same_value() =>
        Gen.Select(Gen.Long, Gen.Int[0, 2]).Sample((nanos, format) =>
        {
            var quantity = new Quantity(nanos, (QuantityFormat)format);
            var again = Quantity.Parse(quantity.ToString());
            return again == quantity && again.ToString() == quantity.ToString();
        });

    [Fact]
    public void Sums_and_differences_are_exact() =>
        Gen.Select(Gen.Long[-1_000_000_000, 1_000_000_000], Gen.Long[-1_000_000_000, 1_000_000_000]).Sample((left, right) =>
        {
            var (a, b) = (Quantity.FromMilli(left), Quantity.FromMilli(right));
            return (a + b - b) == a && (a + b).MilliValue == left + right && a.CompareTo(b) == left.CompareTo(right);
        });
}

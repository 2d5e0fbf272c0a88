using CsCheck;
using GrainKube.ApiMachinery.Durations;

namespace GrainKube.ApiMachinery.Tests.Durations;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("+0", 0)]
    [InlineData("5s", 5_000_000_000)]
    [InlineData("-5.6s", -5_600_000_000)]
    [InlineData("5.s", 5_000_000_000)]
    [InlineData(".5s", 500_000_000)]
    [InlineData("1.004s", 1_004_000_000)]
    [InlineData("10ns", 10)]
    [InlineData("12µs", 12_000)]
    [InlineData("12μs", 12_000)]
    [InlineData("14ms", 14_000_000)]
    [InlineData("-1m30s", -90_000_000_000)]
    [InlineData("3h30m", 12_600_000_000_000)]
    [InlineData("1h2m3s4ms5us6ns", 3_723_004_005_006)]
    [InlineData("10.5s4m", 250_500_000_000)]
    [InlineData("0.3333333333333333333h", 1_200_000_000_000)]
    [InlineData("9007199254740993ns", 9_007_199_254_740_993)]
    [InlineData("9223372036854775807ns", long.MaxValue)]
    [InlineData("-9223372036854775808ns", long.MinValue)]
    [InlineData("0.9223372036854775807h", 3_320_413_933_267)]
    public void What_go_reads_is_read(string text, long nanoseconds)
    {
        Assert.Null(GoDuration.Read(text, out var read));
        Assert.Equal(nanoseconds, read);
    }

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("3", "time: missing unit in duration \"3\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData("s", "time: invalid duration \"s\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("+.s", "time: invalid duration \"+.s\"")]
    [InlineData("1h-5m", "time: unknown unit \"h-\" in duration \"1h-5m\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData(" 1s", "time: invalid duration \" 1s\"")]
    [InlineData("1e3s", "time: unknown unit \"e\" in duration \"1e3s\"")]
    [InlineData("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"")]
    [InlineData("3000000h", "time: invalid duration \"3000000h\"")]
    [InlineData("99999999999999999999s", "time: invalid duration \"99999999999999999999s\"")]
    public void What_go_refuses_is_refused_in_its_words(string text, string complaint) => Assert.Equal(complaint, GoDuration.Read(text, out _));

    [Fact]
    public void Parts_add_up() => Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 59], Gen.Int[0, 999]).Sample((hours, seconds, thousandths) =>
    {
        Assert.True(GoDuration.TryParse($"{hours}h{seconds}.{thousandths:000}s", out var read));
        Assert.Equal(new TimeSpan(0, hours, 0, seconds, thousandths), read);
    });
}

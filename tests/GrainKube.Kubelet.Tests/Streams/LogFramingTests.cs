using System.Buffers;
using System.Text;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Streams;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Tests.Streams;

public sealed class LogFramingTests
{
    private static readonly DateTimeOffset Time = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly ContainerLogRequest Request = new() { Namespace = "n", Pod = "p", PodUid = "u", Container = "c" };

    [Fact]
    public void Lines_are_passed_as_they_are() => Assert.Equal("a\nb\n", Frame(Request, Line("a\n"), Line("b\n", stderr: true)));

    [Fact]
    public void Times_have_nine_digits() =>
        Assert.Equal("2030-01-02T03:04:05.678000000Z a\n", Frame(Request with { Timestamps = true }, Line("a\n")));

    [Fact]
    public void The_parts_of_a_long_line_carry_one_time() => Assert.Equal(
        "2030-01-02T03:04:05.678000000Z abcd\n2030-01-02T03:04:05.678000000Z e\n",
        Frame(Request with { Timestamps = true }, Line("ab"), Line("cd\n"), Line("e\n")));

    [Theory]
    [InlineData("Stdout", "a\n")]
    [InlineData("Stderr", "b\n")]
    [InlineData("All", "a\nb\n")]
    public void A_stream_can_be_chosen(string stream, string expected) => Assert.Equal(expected, Frame(Request with { Stream = stream }, Line("a\n"), Line("b\n", stderr: true)));

    [Fact]
    public void The_limit_cuts_within_a_line() => Assert.Equal("abc", Frame(Request with { LimitBytes = 3 }, Line("ab"), Line("cd\n"), Line("e\n")));

    private static LogLine Line(string text, bool stderr = false) => new(Time, stderr, Encoding.UTF8.GetBytes(text));

    private static string Frame(ContainerLogRequest request, params LogLine[] lines)
    {
        var output = new ArrayBufferWriter<byte>();
        var framing = new LogFraming(request);
        foreach (var line in lines)
        {
            framing.Write(line, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

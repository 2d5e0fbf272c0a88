using System.Text;
using CsCheck;
using GrainKube.Docker.Logs;

namespace GrainKube.Docker.Tests.Logs;

public sealed class LogLineReaderTests
{
    private const string Time = "2024-05-06T07:08:09.123456700Z";

    [Fact]
    public void A_line_has_its_time_and_newline()
    {
        var line = Assert.Single(new LogLineReader(isStderr: true).Append(Encoding.UTF8.GetBytes($"{Time} hello world\n")));

        Assert.Equal(new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero).AddTicks(1234567), line.Time);
        Assert.True(line.IsStderr);
        Assert.Equal("hello world\n", Encoding.UTF8.GetString(line.Text.Span));
    }

    [Fact]
    public void Lines_are_the_same_however_the_stream_is_cut() =>
        Gen.Select(Gen.Int[0, 16384 + 40000].Array[1, 4], Gen.Int[1, 9000].Array[1, 8]).Sample((lengths, cuts) =>
        {
            var texts = lengths.Select(length => new string('x', length)).ToList();
            var stream = Encoding.UTF8.GetBytes(string.Concat(texts.Select(AsEngineWrites)));
            var reader = new LogLineReader(isStderr: false);
            var output = new StringBuilder();
            for (int at = 0, turn = 0; at < stream.Length; turn++)
            {
                var size = Math.Min(cuts[turn % cuts.Length], stream.Length - at);
                reader.Append(stream.AsSpan(at, size)).ForEach(line => output.Append(Encoding.UTF8.GetString(line.Text.Span)));
                at += size;
            }

            Assert.Null(reader.Finish());
            Assert.Equal(string.Concat(texts.Select(text => text + "\n")), output.ToString());
        });

    [Fact]
    public void The_last_line_may_lack_its_newline()
    {
        var reader = new LogLineReader(isStderr: false);
        Assert.Empty(reader.Append(Encoding.UTF8.GetBytes($"{Time} half")));

        Assert.Equal("half", Encoding.UTF8.GetString(reader.Finish()!.Value.Text.Span));
    }

    private static string AsEngineWrites(string text) =>
        string.Concat(text.Chunk(16384).Where(piece => piece.Length == 16384).Select(piece => $"{Time} {new string(piece)}")) +
        $"{Time} {text[(text.Length / 16384 * 16384)..]}\n";
}

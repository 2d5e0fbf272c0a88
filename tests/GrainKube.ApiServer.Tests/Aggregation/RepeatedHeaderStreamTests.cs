using System.Text;
using CsCheck;
using GrainKube.ApiServer.Aggregation;
using Xunit;

namespace GrainKube.ApiServer.Tests.Aggregation;

public sealed class RepeatedHeaderStreamTests
{
    private const string First = "POST /a HTTP/1.1\r\nHost: x\r\nX-Remote-Group: one\u001ftwo, too\u001fthree\r\nContent-Length: 6\r\n\r\n";
    private const string Second = "GET /b HTTP/1.1\r\nHost: x\r\nX-Remote-Group: one\r\n\r\n";
    private const string Rewritten = "POST /a HTTP/1.1\r\nHost: x\r\nX-Remote-Group: one\r\nX-Remote-Group: two, too\r\nX-Remote-Group: three\r\nContent-Length: 6\r\n\r\n";

    [Fact]
    public void Each_value_gets_a_line_and_bodies_stay_as_they_are_wherever_the_writes_are_cut() =>
        Gen.Int[1, 40].Array[1, 60].Sample(cuts => Assert.Equal($"{Rewritten}a\u001fb\r\n{Second}", Written($"{First}a\u001fb\r\n{Second}", cuts)));

    [Theory]
    [InlineData("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    public void After_a_head_without_a_length_everything_is_body(string head)
    {
        var all = $"{head}0\r\nX: a\u001fb\r\n\r\nY: c\u001fd\r\n\r\n";
        Assert.Equal(all, Written(all, [7, 1, 30]));
    }

    private static string Written(string text, int[] cuts)
    {
        using var wire = new MemoryStream();
        using var stream = new RepeatedHeaderStream(wire);
        var (bytes, next) = (Encoding.Latin1.GetBytes(text).AsMemory(), 0);
        while (bytes.Length > 0)
        {
            var piece = bytes[..Math.Min(cuts[next++ % cuts.Length], bytes.Length)];
            stream.WriteAsync(piece).AsTask().GetAwaiter().GetResult();
            bytes = bytes[piece.Length..];
        }

        return Encoding.Latin1.GetString(wire.ToArray());
    }
}

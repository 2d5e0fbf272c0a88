using System.Buffers;
using System.Text;
using GrainKube.ApiServer.Streaming;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>
/// The client's side of an HTTP/1.1 connection on which a header may stand several times. The client of .NET joins the values of a header with commas, and takes no other way;
/// a group whose name holds a comma would come apart, and servers that do not split see one group with a strange name. So the values come here joined by <see cref="Separator"/>,
/// and each becomes a line of its own (RFC 9110, section 5.3).
/// </summary>
internal sealed class RepeatedHeaderStream(Stream inner) : DuplexStream
{
    /// <summary>No value that came in over HTTP can hold it.</summary>
    public const char Separator = '\u001f';

    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private readonly ArrayBufferWriter<byte> head = new();
    private long bodyLeft;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (bodyLeft > 0)
            {
                var piece = buffer[..(int)Math.Min(bodyLeft, buffer.Length)];
                await inner.WriteAsync(piece, cancellationToken);
                (buffer, bodyLeft) = (buffer[piece.Length..], bodyLeft - piece.Length);
                continue;
            }

            // The end of the head may lie across two writes.
            var known = head.WrittenCount;
            head.Write(buffer.Span);
            var from = Math.Max(0, known - EndOfHead.Length + 1);
            var end = head.WrittenSpan[from..].IndexOf(EndOfHead);
            if (end < 0)
            {
                return;
            }

            var length = from + end + EndOfHead.Length;
            var lines = Encoding.Latin1.GetString(head.WrittenSpan[..length]);
            head.ResetWrittenCount();
            bodyLeft = BodyLength(lines);
            await inner.WriteAsync(Encoding.Latin1.GetBytes(Repeat(lines)), cancellationToken);
            buffer = buffer[(length - known)..];
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>What follows a head is not looked at: a body of known length, or, where the length is not known or the connection is upgraded, everything.</summary>
    private static long BodyLength(string head)
    {
        long length = 0;
        foreach (var line in head.Split("\r\n"))
        {
            if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Upgrade:", StringComparison.OrdinalIgnoreCase))
            {
                return long.MaxValue;
            }

            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = long.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return length;
    }

    private static string Repeat(string head)
    {
        if (!head.Contains(Separator))
        {
            return head;
        }

        var lines = head.Split("\r\n").SelectMany(line => line.Contains(Separator) && line.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0
            ? line[(colon + 2)..].Split(Separator).Select(value => $"{line[..colon]}: {value}")
            : [line]);
        return string.Join("\r\n", lines);
    }
}

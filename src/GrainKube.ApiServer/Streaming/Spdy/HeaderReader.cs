using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>Reads the header blocks of a session; they are one compressed stream, so every block must be read, in order.</summary>
internal sealed class HeaderReader
{
    // What Kubernetes' clients send is a hundred bytes; the bound is against blocks that unfold without end.
    private const int MostBytes = 64 * 1024;
    private readonly Inflater inflater = new();

    /// <returns>Values by lower-case name; several values of one name are joined by a zero character, as on the wire.</returns>
    /// <exception cref="SpdyProtocolException">Not a header block, or too large.</exception>
    public IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> compressed)
    {
        try
        {
            return Parse(Inflate(compressed));
        }
        catch (Exception error) when (error is SharpZipBaseException or IndexOutOfRangeException)
        {
            // The library's tables do not hold against every code that a hostile block may name.
            throw new SpdyProtocolException($"broken header block: {error.Message}");
        }
    }

    private byte[] Inflate(ReadOnlySpan<byte> compressed)
    {
        using var plain = new MemoryStream();
        var buffer = new byte[4096];
        inflater.SetInput(compressed.ToArray());
        while (true)
        {
            var count = inflater.Inflate(buffer);
            plain.Write(buffer, 0, count);
            if (plain.Length > MostBytes)
            {
                throw new SpdyProtocolException("header block too large");
            }

            if (inflater.IsNeedingDictionary)
            {
                inflater.SetDictionary(SpdyDictionary.Bytes);
            }
            else if (count == 0)
            {
                return plain.ToArray();
            }
        }
    }

    private static Dictionary<string, string> Parse(ReadOnlySpan<byte> plain)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var pairs = TakeNumber(ref plain);
        for (var i = 0; i < pairs; i++)
        {
            var name = TakeText(ref plain);
            headers[name] = TakeText(ref plain);
        }

        return headers;
    }

    private static string TakeText(ref ReadOnlySpan<byte> plain)
    {
        var length = TakeNumber(ref plain);
        if (length > plain.Length)
        {
            throw new SpdyProtocolException("header block too short");
        }

        var text = Encoding.UTF8.GetString(plain[..length]);
        plain = plain[length..];
        return text;
    }

    private static int TakeNumber(ref ReadOnlySpan<byte> plain)
    {
        if (plain.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(plain) is not (>= 0 and <= MostBytes and var number))
        {
            throw new SpdyProtocolException("header block with an impossible length");
        }

        plain = plain[4..];
        return number;
    }
}

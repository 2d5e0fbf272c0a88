using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>
/// How an object lies in the store: its JSON without <c>resourceVersion</c>, with two first members of fixed length that carry the trace context of the write and its time, and are never shown.
/// </summary>
/// <remarks>The fixed length lets a reader drop it without parsing; it is still JSON for whoever looks into the store.</remarks>
internal static class StoredJson
{
    private const int TraceLength = 55;
    private const int TimeLength = 10;
    private static readonly int HeadLength = HeadStart.Length + TraceLength + HeadMiddle.Length + TimeLength + 1;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? writer;

    private static ReadOnlySpan<byte> HeadStart => "{\"traceparent\":\""u8;

    private static ReadOnlySpan<byte> HeadMiddle => "\",\"tracedAt\":"u8;

    /// <summary>The bytes to store. <paramref name="item"/> must have no <c>resourceVersion</c>.</summary>
    public static byte[] Encode(JsonObject item, string? traceParent, DateTimeOffset? tracedAt = null)
    {
        var json = Write(item);
        var stored = new byte[HeadLength - 1 + json.Length];
        json.CopyTo(stored.AsSpan(HeadLength - 1));
        HeadStart.CopyTo(stored);
        var trace = stored.AsSpan(HeadStart.Length, TraceLength);
        if (traceParent?.Length == TraceLength)
        {
            System.Text.Encoding.ASCII.GetBytes(traceParent, trace);
        }
        else
        {
            trace.Fill((byte)' ');
        }

        HeadMiddle.CopyTo(stored.AsSpan(HeadStart.Length + TraceLength));
        Span<byte> seconds = stackalloc byte[TimeLength];
        Utf8Formatter.TryFormat(tracedAt?.ToUnixTimeSeconds() ?? 0, seconds, out var digits);
        var time = stored.AsSpan(HeadLength - 1 - TimeLength, TimeLength);
        time.Fill((byte)' ');
        seconds[..digits].CopyTo(time[(TimeLength - digits)..]);
        stored[HeadLength - 1] = (byte)','; // stands where the object's opening brace was
        return stored;
    }

    /// <summary>Plain JSON bytes of a tree.</summary>
    public static byte[] ToBytes(JsonNode item) => Write(item).ToArray();

    /// <summary>The object as it goes on the wire, from what the store holds.</summary>
    /// <exception cref="JsonException">The value is not an object of the API.</exception>
    public static KubeObject Decode(ObjectKey key, ReadOnlyMemory<byte> stored, long revision)
    {
        var span = stored.Span;
        var (skip, trace, tracedAt) = Head(span);
        byte[]? rented = null;
        try
        {
            // The reader must start at a brace; behind the head there is a comma in its place.
            scoped ReadOnlySpan<byte> plain = span;
            if (skip > 0)
            {
                rented = ArrayPool<byte>.Shared.Rent(span.Length - skip);
                span[skip..].CopyTo(rented);
                rented[0] = (byte)'{';
                plain = rented.AsSpan(0, span.Length - skip);
            }

            var reader = HeaderReader.Read(plain);
            return new KubeObject(key, reader.ToHeader(revision, trace, tracedAt), Splice(plain, reader, revision));
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>A tree of what the store holds, without the trace member; the caller may change it.</summary>
    public static JsonObject Parse(ReadOnlySpan<byte> stored, out string? traceParent)
    {
        (var skip, traceParent, _) = Head(stored);
        if (skip == 0)
        {
            return (JsonObject)JsonNode.Parse(stored)!;
        }

        var length = stored.Length - skip;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            stored[skip..].CopyTo(rented);
            rented[0] = (byte)'{';
            return (JsonObject)JsonNode.Parse(rented.AsSpan(0, length))!;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads an object that was on the wire: its own <c>resourceVersion</c> counts.</summary>
    public static KubeObject FromWire(ObjectKey key, byte[] json) => new(key, HeaderReader.Read(json).ToHeader(0, null, null), json);

    /// <summary>The same object with another <c>resourceVersion</c> (the last state of a deleted object carries the deletion's).</summary>
    public static KubeObject WithRevision(KubeObject item, long revision)
    {
        var node = item.ToNode();
        node["metadata"]!["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
        return new KubeObject(item.Key, item.Header with { Revision = revision }, ToBytes(node));
    }

    private static (int Skip, string? Trace, DateTimeOffset? At) Head(ReadOnlySpan<byte> stored)
    {
        if (stored.Length <= HeadLength || !stored.StartsWith(HeadStart))
        {
            return (0, null, null);
        }

        var trace = stored.Slice(HeadStart.Length, TraceLength);
        var rest = stored[(HeadStart.Length + TraceLength)..];
        if (!rest.StartsWith(HeadMiddle) || stored[HeadLength - 1] != (byte)',')
        {
            return (0, null, null);
        }

        if (trace[0] == (byte)' ')
        {
            return (HeadLength - 1, null, null);
        }

        var known = Utf8Parser.TryParse(rest.Slice(HeadMiddle.Length, TimeLength).TrimStart((byte)' '), out long seconds, out _) && seconds > 0;
        return (HeadLength - 1, System.Text.Encoding.ASCII.GetString(trace), known ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
    }

    private static byte[] Splice(ReadOnlySpan<byte> plain, in HeaderReader header, long revision)
    {
        if (header.InMetadata == 0)
        {
            throw new JsonException("the object has no metadata");
        }

        Span<byte> text = stackalloc byte[48];
        var at = header.AfterUid > 0 ? header.AfterUid : header.InMetadata;
        var format = header.AfterUid > 0 ? (",\"resourceVersion\":\"", "\"") : ("\"resourceVersion\":\"", header.HasMembers ? "\"," : "\"");
        System.Text.Unicode.Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{format.Item1}{revision}{format.Item2}", out var length);
        var json = new byte[plain.Length + length];
        plain[..at].CopyTo(json);
        text[..length].CopyTo(json.AsSpan(at));
        plain[at..].CopyTo(json.AsSpan(at + length));
        return json;
    }

    private static ReadOnlySpan<byte> Write(JsonNode item)
    {
        var into = buffer ??= new ArrayBufferWriter<byte>(8192);
        into.ResetWrittenCount();
        var json = writer ??= new Utf8JsonWriter(into, Relaxed);
        json.Reset(into);
        item.WriteTo(json);
        json.Flush();
        var written = into.WrittenSpan;
        if (into.Capacity > 1 << 20)
        {
            (buffer, writer) = (null, null); // one huge object must not pin a megabyte to every thread
        }

        return written;
    }
}

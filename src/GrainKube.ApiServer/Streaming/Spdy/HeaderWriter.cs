using System.Buffers.Binary;
using System.Text;
using ICSharpCode.SharpZipLib.Checksum;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>
/// Writes the header blocks of a session as one zlib stream, of stored blocks: what we say is a few bytes. After each comes an empty stored block: it is at that mark, and at no other flush,
/// that the decompressor of Kubernetes' clients hands out what it has. Blocks must be sent in the order in which they were made.
/// </summary>
internal sealed class HeaderWriter
{
    private const int MostInBlock = ushort.MaxValue;
    private bool begun;

    public byte[] Write(IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        using var plain = new MemoryStream();
        Add(plain, headers.Count);
        foreach (var (name, value) in headers)
        {
            Add(plain, name);
            Add(plain, value);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(plain.Length, MostInBlock, nameof(headers));
        using var stream = new MemoryStream();
        if (!begun)
        {
            begun = true;
            stream.Write([0x78, 0xBB]); // zlib with a preset dictionary, whose checksum follows
            Add(stream, DictionaryChecksum());
        }

        AddStored(stream, plain.ToArray());
        AddStored(stream, []);
        return stream.ToArray();
    }

    private static int DictionaryChecksum()
    {
        var checksum = new Adler32();
        checksum.Update(SpdyDictionary.Bytes);
        return (int)checksum.Value;
    }

    private static void AddStored(MemoryStream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~data.Length);
        stream.Write(head);
        stream.Write(data);
    }

    private static void Add(MemoryStream plain, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Add(plain, bytes.Length);
        plain.Write(bytes);
    }

    private static void Add(MemoryStream plain, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        plain.Write(bytes);
    }
}

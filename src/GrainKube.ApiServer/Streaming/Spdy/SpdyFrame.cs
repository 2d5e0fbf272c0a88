using System.Buffers.Binary;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>The kinds of control frames; the numbers are those on the wire.</summary>
internal enum SpdyFrameType
{
    SynStream = 1,
    SynReply = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    Headers = 8,
    WindowUpdate = 9,
}

/// <summary>Why a stream is reset.</summary>
internal enum SpdyReset
{
    ProtocolError = 1,
    InvalidStream = 2,
    RefusedStream = 3,
    Cancel = 5,
}

/// <summary>The first eight bytes of a frame. <c>Type</c> is null for data, and <c>Stream</c> is meaningful only there.</summary>
internal readonly record struct SpdyFrame(SpdyFrameType? Type, int Stream, byte Flags, int Length)
{
    public const int HeadSize = 8;
    public const byte Fin = 1;
    private const int Version = 3;

    public bool IsFinal => (Flags & Fin) != 0;

    /// <exception cref="SpdyProtocolException">Another version of the protocol.</exception>
    public static SpdyFrame Read(ReadOnlySpan<byte> head)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(head);
        var second = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        var (flags, length) = ((byte)(second >> 24), (int)(second & 0xFF_FFFF));
        if ((first & 0x8000_0000) == 0)
        {
            return new SpdyFrame(null, (int)first, flags, length);
        }

        return ((first >> 16) & 0x7FFF) == Version
            ? new SpdyFrame((SpdyFrameType)(first & 0xFFFF), 0, flags, length)
            : throw new SpdyProtocolException($"SPDY version {(first >> 16) & 0x7FFF}; only {Version} is spoken here");
    }

    /// <summary>A control frame.</summary>
    public static byte[] Control(SpdyFrameType type, byte flags, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[HeadSize + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, 0x8000_0000 | (Version << 16) | (uint)type);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), ((uint)flags << 24) | (uint)payload.Length);
        payload.CopyTo(frame.AsSpan(HeadSize));
        return frame;
    }

    /// <summary>A control frame of two numbers.</summary>
    public static byte[] Control(SpdyFrameType type, int one, int other)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, one);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], other);
        return Control(type, 0, payload);
    }

    /// <summary>The head of a data frame.</summary>
    public static void WriteDataHead(Span<byte> head, int stream, bool final, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(head, stream);
        BinaryPrimitives.WriteUInt32BigEndian(head[4..], (final ? (uint)Fin << 24 : 0) | (uint)length);
    }
}

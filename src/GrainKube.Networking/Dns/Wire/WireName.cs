namespace GrainKube.Networking.Dns.Wire;

/// <summary>Domain names as they are on the wire: labels with a length before each, and an empty one at the end.</summary>
internal static class WireName
{
    /// <summary>Most bytes a name has, its length bytes included (RFC 1035 2.3.4).</summary>
    public const int MaximumLength = 255;

    private const int LongestLabel = 63;
    private const int PointerMark = 0xC0;

    /// <summary>Length of the name that stands in one piece at <paramref name="start"/>, or -1 where there is none: cut off, too long, or with a pointer.</summary>
    public static int LengthOf(ReadOnlySpan<byte> packet, int start)
    {
        for (var at = start; at < packet.Length; at += packet[at] + 1)
        {
            if (packet[at] > LongestLabel || at - start >= MaximumLength)
            {
                return -1;
            }

            if (packet[at] == 0)
            {
                return at - start + 1;
            }
        }

        return -1;
    }

    /// <summary>The position after a name that may end in a pointer, or -1.</summary>
    public static int Skip(ReadOnlySpan<byte> packet, int start)
    {
        for (var at = start; at < packet.Length; at += packet[at] + 1)
        {
            if ((packet[at] & PointerMark) == PointerMark)
            {
                return at + 2 <= packet.Length ? at + 2 : -1;
            }

            if (packet[at] > LongestLabel || at - start >= MaximumLength)
            {
                return -1;
            }

            if (packet[at] == 0)
            {
                return at + 1;
            }
        }

        return -1;
    }

    /// <summary>Copies a name in one piece, following pointers.</summary>
    /// <returns>Bytes written, or -1 where the name is malformed. Pointers must lead backwards, so a loop cannot happen.</returns>
    public static int Expand(ReadOnlySpan<byte> packet, int start, Span<byte> into)
    {
        var written = 0;
        var at = start;
        var limit = start;
        while (at < packet.Length)
        {
            int length = packet[at];
            if ((length & PointerMark) == PointerMark)
            {
                var target = at + 1 < packet.Length ? ((length & ~PointerMark) << 8) | packet[at + 1] : int.MaxValue;
                if (target >= limit)
                {
                    return -1;
                }

                (at, limit) = (target, target);
                continue;
            }

            if (length > LongestLabel || at + length >= packet.Length || written + length + 1 > Math.Min(MaximumLength, into.Length))
            {
                return -1;
            }

            packet.Slice(at, length + 1).CopyTo(into[written..]);
            written += length + 1;
            if (length == 0)
            {
                return written;
            }

            at += length + 1;
        }

        return -1;
    }

    /// <summary>A dotted, lower-case text of the name without the last dot. What cannot be told from a dot or is no ASCII becomes a character that no name of ours has.</summary>
    /// <returns>Characters written.</returns>
    public static int Fold(ReadOnlySpan<byte> name, Span<char> into)
    {
        var written = 0;
        for (var at = 0; name[at] != 0; at += name[at] + 1)
        {
            if (written > 0)
            {
                into[written++] = '.';
            }

            foreach (var octet in name.Slice(at + 1, name[at]))
            {
                into[written++] = octet is (byte)'.' or > 127 ? '\0' : (char)Lower(octet);
            }
        }

        return written;
    }

    /// <summary>Makes the letters of a name small, in place.</summary>
    public static void MakeLower(Span<byte> name)
    {
        for (var at = 0; name[at] != 0;)
        {
            var end = at + name[at] + 1;
            for (at++; at < end; at++)
            {
                name[at] = Lower(name[at]);
            }
        }
    }

    /// <summary>Writes a dotted name.</summary>
    /// <returns>Bytes written, or -1 where the text is no domain name.</returns>
    public static int Write(ReadOnlySpan<char> dotted, Span<byte> into)
    {
        dotted = dotted.TrimEnd('.');
        var written = 0;
        while (!dotted.IsEmpty)
        {
            var dot = dotted.IndexOf('.');
            var label = dot < 0 ? dotted : dotted[..dot];
            dotted = dot < 0 ? [] : dotted[(dot + 1)..];
            if (label.Length is 0 or > LongestLabel || written + label.Length + 2 > Math.Min(MaximumLength, into.Length))
            {
                return -1;
            }

            into[written++] = (byte)label.Length;
            foreach (var letter in label)
            {
                into[written++] = letter <= 127 ? (byte)letter : (byte)'?';
            }
        }

        into[written++] = 0;
        return written;
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}

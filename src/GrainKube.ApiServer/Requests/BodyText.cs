using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace GrainKube.ApiServer.Requests;

/// <summary>What a client sent as text may be none: bytes that are no UTF-8, and escapes of half a character. Both become U+FFFD, as Go's decoder has it; readers of JSON here would throw.</summary>
internal static class BodyText
{
    private const int EscapeLength = 6; // \uxxxx

    /// <summary>The same bytes where nothing is wrong with them.</summary>
    public static byte[] Readable(byte[] body)
    {
        var text = Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));
        return text.AsSpan().IndexOf("\\ud"u8) < 0 && text.AsSpan().IndexOf("\\uD"u8) < 0 ? text : WithWholeCharacters(text);
    }

    private static byte[] WithWholeCharacters(byte[] text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '\\')
            {
                at++;
            }
            else if (Escaped(text, at) is not { } unit)
            {
                at += 2; // another escape: what follows the backslash begins none
            }
            else if (char.IsHighSurrogate(unit) && Escaped(text, at + EscapeLength) is { } next && char.IsLowSurrogate(next))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                if (char.IsSurrogate(unit))
                {
                    "fffd"u8.CopyTo(text.AsSpan(at + 2));
                }

                at += EscapeLength;
            }
        }

        return text;
    }

    private static char? Escaped(ReadOnlySpan<byte> text, int at) =>
        at + EscapeLength <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
        && Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out var read, 'x') && read == 4 ? (char)unit : null;
}

using System.Globalization;
using System.Text;

namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>Reads the literals of strings and bytes: one or three quotes, raw or with escapes.</summary>
internal readonly struct StringLiteral(string source, int start)
{
    public Token Read(ref int at, bool raw, bool bytes)
    {
        var quote = source[at];
        var triple = at + 2 < source.Length && source[at + 1] == quote && source[at + 2] == quote;
        at += triple ? 3 : 1;
        var made = new StringBuilder();
        var octets = new List<byte>();
        while (true)
        {
            if (at >= source.Length || (!triple && source[at] is '\n' or '\r'))
            {
                throw new SyntaxException(start, $"Syntax error: token recognition error at: '{source[start..Math.Min(at, source.Length)]}'");
            }

            if (source[at] == quote && (!triple || (at + 2 < source.Length && source[at + 1] == quote && source[at + 2] == quote)))
            {
                at += triple ? 3 : 1;
                break;
            }

            if (source[at] == '\\' && !raw)
            {
                Escape(ref at, bytes, made, octets);
                continue;
            }

            // A raw string keeps a backslash and what it stands before.
            var length = source[at] == '\\' && at + 1 < source.Length ? 2 : char.IsHighSurrogate(source[at]) && at + 1 < source.Length ? 2 : 1;
            Add(source.AsSpan(at, length), bytes, made, octets);
            at += length;
        }

        return bytes ? new Token(TokenKind.Bytes, "", start, [.. octets]) : new Token(TokenKind.String, made.ToString(), start);
    }

    private static void Add(ReadOnlySpan<char> text, bool bytes, StringBuilder made, List<byte> octets)
    {
        if (bytes)
        {
            octets.AddRange(Encoding.UTF8.GetBytes(text.ToArray()));
        }
        else
        {
            made.Append(text);
        }
    }

    private void Escape(ref int at, bool bytes, StringBuilder made, List<byte> octets)
    {
        var c = at + 1 < source.Length ? source[at + 1] : throw Bad(at);
        if ("abfnrtv\\'\"`?".IndexOf(c) is var simple and >= 0)
        {
            Add(["\a\b\f\n\r\t\v\\'\"`?"[simple]], bytes, made, octets);
            at += 2;
            return;
        }

        var (skip, digits, number) = c switch
        {
            'x' or 'X' => (2, 2, 16),
            'u' when !bytes => (2, 4, 16),
            'U' when !bytes => (2, 8, 16),
            >= '0' and <= '3' => (1, 3, 8),
            _ => throw Bad(at),
        };
        if (at + skip + digits > source.Length)
        {
            throw Bad(at);
        }

        var text = source.AsSpan(at + skip, digits);
        var code = 0L;
        foreach (var digit in text)
        {
            var value = char.IsAsciiHexDigit(digit) ? int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 99;
            code = value < number ? (code * number) + value : throw Bad(at);
        }

        if (bytes)
        {
            octets.Add((byte)code);
        }
        else
        {
            made.Append(Rune.IsValid((uint)code) && code <= 0x10ffff ? new Rune((uint)code).ToString() : throw Bad(at));
        }

        at += skip + digits;
    }

    private SyntaxException Bad(int at) => new(start, $"Syntax error: token recognition error at: '{source[start..Math.Min(source.Length, at + 2)]}'");
}

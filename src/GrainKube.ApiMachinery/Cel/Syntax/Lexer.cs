using System.Globalization;

namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>Cuts a text into tokens.</summary>
internal sealed class Lexer(string source)
{
    private static readonly string[] Operators =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", "(", ")", "[", "]", "{", "}", ",", "."];

    private int at;

    /// <exception cref="SyntaxException">A character or literal that the language does not know.</exception>
    public Token Next()
    {
        SkipSpace();
        if (at >= source.Length)
        {
            return new Token(TokenKind.End, "<EOF>", source.Length);
        }

        var start = at;
        var c = source[at];
        if (LiteralStart(out var raw, out var bytes) is { } quoteAt)
        {
            at = quoteAt;
            return new StringLiteral(source, start).Read(ref at, raw, bytes);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (at < source.Length && (char.IsAsciiLetterOrDigit(source[at]) || source[at] == '_'))
            {
                at++;
            }

            return new Token(TokenKind.Identifier, source[start..at], start);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
        {
            return Number(start);
        }

        if (c == '`')
        {
            var end = source.IndexOf('`', at + 1);
            if (end > at + 1)
            {
                at = end + 1;
                return new Token(TokenKind.Identifier, source[(start + 1)..end], start, Escaped: true);
            }
        }

        foreach (var op in Operators)
        {
            if (source.AsSpan(at).StartsWith(op, StringComparison.Ordinal))
            {
                at += op.Length;
                return new Token(TokenKind.Operator, op, start);
            }
        }

        throw new SyntaxException(start, $"Syntax error: token recognition error at: '{c}'");
    }

    /// <summary>Finds the quote of a string literal with its prefixes, or null.</summary>
    private int? LiteralStart(out bool raw, out bool bytes)
    {
        (raw, bytes) = (false, false);
        for (var i = at; i < source.Length && i < at + 3; i++)
        {
            switch (source[i])
            {
                case '"' or '\'':
                    return i;
                case 'r' or 'R' when !raw:
                    raw = true;
                    break;
                case 'b' or 'B' when !bytes:
                    bytes = true;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private Token Number(int start)
    {
        if (source[at] == '0' && at + 1 < source.Length && source[at + 1] is 'x' or 'X')
        {
            at += 2;
            while (at < source.Length && char.IsAsciiHexDigit(source[at]))
            {
                at++;
            }

            return Whole(start);
        }

        SkipDigits();
        var isDouble = false;
        if (at + 1 < source.Length && source[at] == '.' && char.IsAsciiDigit(source[at + 1]))
        {
            isDouble = true;
            at++;
            SkipDigits();
        }

        if (at < source.Length && source[at] is 'e' or 'E')
        {
            var sign = at + 1 < source.Length && source[at + 1] is '+' or '-' ? 1 : 0;
            if (at + 1 + sign < source.Length && char.IsAsciiDigit(source[at + 1 + sign]))
            {
                isDouble = true;
                at += 1 + sign;
                SkipDigits();
            }
        }

        return isDouble ? new Token(TokenKind.Double, source[start..at], start) : Whole(start);
    }

    private Token Whole(int start)
    {
        if (at < source.Length && source[at] is 'u' or 'U')
        {
            return new Token(TokenKind.Uint, source[start..at++], start);
        }

        return new Token(TokenKind.Int, source[start..at], start);
    }

    private void SkipDigits()
    {
        while (at < source.Length && char.IsAsciiDigit(source[at]))
        {
            at++;
        }
    }

    private void SkipSpace()
    {
        while (at < source.Length)
        {
            if (source[at] is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                at++;
            }
            else if (source.AsSpan(at).StartsWith("//", StringComparison.Ordinal))
            {
                var end = source.IndexOf('\n', at);
                at = end < 0 ? source.Length : end + 1;
            }
            else
            {
                return;
            }
        }
    }

    public static bool TryInt(string digits, out ulong value) => digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

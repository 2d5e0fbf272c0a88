
namespace GrainKube.ApiMachinery.Schemas;

/// <summary>
/// Says what is wrong with a text that is no JSON, in the words that users of Kubernetes know. Called only after a real parser has refused the text,
/// so it need not be fast.
/// </summary>
internal ref struct JsonSyntax
{
    private const string EndOfInput = "unexpected end of JSON input";
    private readonly ReadOnlySpan<byte> text;
    private int at;

    private JsonSyntax(ReadOnlySpan<byte> text) => this.text = text;

    /// <summary>For example <c>invalid character 'x' after top-level value</c>.</summary>
    public static string Complaint(ReadOnlySpan<byte> utf8)
    {
        var scan = new JsonSyntax(utf8);
        return scan.Value(0) ?? scan.AfterTopLevel() ?? "exceeded max depth";
    }

    private string? AfterTopLevel()
    {
        Space();
        return at < text.Length ? Unexpected("after top-level value") : null;
    }

    private string? Value(int depth)
    {
        Space();
        if (at >= text.Length)
        {
            return EndOfInput;
        }

        if (depth > ObjectDecoder.MaximumDepth)
        {
            return "exceeded max depth";
        }

        return text[at] switch
        {
            (byte)'{' => Object(depth),
            (byte)'[' => Array(depth),
            (byte)'"' => String(),
            (byte)'t' => Literal("true"),
            (byte)'f' => Literal("false"),
            (byte)'n' => Literal("null"),
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => Number(),
            _ => Unexpected("looking for beginning of value"),
        };
    }

    private string? Object(int depth)
    {
        at++;
        Space();
        if (Is('}'))
        {
            at++;
            return null;
        }

        while (true)
        {
            Space();
            if (!Is('"'))
            {
                return Unexpected("looking for beginning of object key string");
            }

            if (String() is { } wrongKey)
            {
                return wrongKey;
            }

            Space();
            if (!Is(':'))
            {
                return Unexpected("after object key");
            }

            at++;
            if (Value(depth + 1) is { } wrongValue)
            {
                return wrongValue;
            }

            Space();
            if (Is('}'))
            {
                at++;
                return null;
            }

            if (!Is(','))
            {
                return Unexpected("after object key:value pair");
            }

            at++;
        }
    }

    private string? Array(int depth)
    {
        at++;
        Space();
        if (Is(']'))
        {
            at++;
            return null;
        }

        while (true)
        {
            if (Value(depth + 1) is { } wrong)
            {
                return wrong;
            }

            Space();
            if (Is(']'))
            {
                at++;
                return null;
            }

            if (!Is(','))
            {
                return Unexpected("after array element");
            }

            at++;
        }
    }

    private string? String()
    {
        for (at++; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    at++;
                    return null;
                case < 0x20:
                    return Unexpected("in string literal");
                case (byte)'\\':
                    at++;
                    if (Escape() is { } wrong)
                    {
                        return wrong;
                    }

                    break;
            }
        }

        return EndOfInput;
    }

    private string? Escape()
    {
        if (at >= text.Length)
        {
            return EndOfInput;
        }

        if (text[at] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(text[at]) ? null : Unexpected("in string escape code");
        }

        for (var i = 0; i < 4; i++)
        {
            at++;
            if (at >= text.Length || !char.IsAsciiHexDigit((char)text[at]))
            {
                return Unexpected("in \\u hexadecimal character escape");
            }
        }

        return null;
    }

    private string? Literal(string word)
    {
        for (var i = 1; i < word.Length; i++)
        {
            at++;
            if (!Is(word[i]))
            {
                return Unexpected($"in literal {word} (expecting {Quote(word[i])})");
            }
        }

        at++;
        return null;
    }

    private string? Number()
    {
        if (Is('-'))
        {
            at++;
            if (!IsDigit())
            {
                return Unexpected("in numeric literal");
            }
        }

        if (Is('0'))
        {
            at++;
        }
        else
        {
            Digits();
        }

        if (Is('.'))
        {
            at++;
            if (!IsDigit())
            {
                return Unexpected("after decimal point in numeric literal");
            }

            Digits();
        }

        if (Is('e') || Is('E'))
        {
            at++;
            at += Is('+') || Is('-') ? 1 : 0;
            if (!IsDigit())
            {
                return Unexpected("in exponent of numeric literal");
            }

            Digits();
        }

        return null;
    }

    private void Digits()
    {
        while (IsDigit())
        {
            at++;
        }
    }

    private void Space()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }
    }

    private readonly bool Is(char c) => at < text.Length && text[at] == c;

    private readonly bool IsDigit() => at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9';

    private readonly string Unexpected(string where) =>
        at >= text.Length ? EndOfInput : $"invalid character {Quote((char)text[at])} {where}";

    private static string Quote(char c) => c switch
    {
        '\'' => @"'\''",
        '"' => "'\"'",
        '\n' => @"'\n'",
        '\t' => @"'\t'",
        '\r' => @"'\r'",
        < ' ' or (char)0x7f => $"'\\x{(int)c:x2}'",
        _ => $"'{c}'",
    };
}

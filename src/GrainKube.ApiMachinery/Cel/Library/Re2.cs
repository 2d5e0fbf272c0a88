using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>RE2's expressions on .NET's engine that does not backtrack: time is linear in the text.</summary>
internal static class Re2
{
    private const int Kept = 1000;
    private const int MostRepeats = 1000;
    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    /// <param name="pattern">In RE2's syntax.</param>
    /// <param name="regex">Ready to match.</param>
    /// <param name="complaint">Go's words for what is wrong.</param>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? complaint)
    {
        complaint = null;
        if (Known.TryGetValue(pattern, out regex))
        {
            return true;
        }

        if (Translate(pattern) is not { } translated)
        {
            complaint = $"error parsing regexp: invalid repeat count or syntax: `{pattern}`";
            return false;
        }

        try
        {
            regex = new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            complaint = $"error parsing regexp: invalid or unsupported syntax: `{pattern}`";
            return false;
        }

        if (Known.Count < Kept)
        {
            Known.TryAdd(pattern, regex);
        }

        return true;
    }

    /// <summary>Where RE2 means something else by the same characters. Null where RE2 refuses.</summary>
    private static string? Translate(string pattern)
    {
        var made = new StringBuilder(pattern.Length + 16);
        var repeats = 1.0;
        var inClass = false;
        var multiline = pattern.Contains("(?", StringComparison.Ordinal) && HasMultiline(pattern);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var rest = pattern.AsSpan(i);
            if (c == '\\' && i + 1 < pattern.Length)
            {
                if (pattern[i + 1] == 'Q')
                {
                    var end = pattern.IndexOf("\\E", i + 2, StringComparison.Ordinal);
                    made.Append(Regex.Escape(pattern[(i + 2)..(end < 0 ? pattern.Length : end)]));
                    i = end < 0 ? pattern.Length : end + 1;
                }
                else
                {
                    i = Escape(pattern, i, inClass, made);
                }
            }
            else if (inClass && rest.StartsWith("[:", StringComparison.Ordinal) && rest.IndexOf(":]") is var close and > 0)
            {
                if (Posix(pattern.Substring(i + 2, close - 2)) is not { } set)
                {
                    return null;
                }

                made.Append(set);
                i += close + 1;
            }
            else if (c == '[')
            {
                if (inClass)
                {
                    made.Append("\\[");
                    continue;
                }

                inClass = true;
                made.Append('[');
                if (i + 1 < pattern.Length && pattern[i + 1] == '^')
                {
                    made.Append('^');
                    i++;
                }

                if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                {
                    made.Append("\\]");
                    i++;
                }
            }
            else if (c == ']' && inClass)
            {
                inClass = false;
                made.Append(']');
            }
            else if (inClass)
            {
                made.Append(c == '-' && i + 1 < pattern.Length && pattern[i + 1] == '[' ? "\\-" : c.ToString());
            }
            else if (rest.StartsWith("(?P<", StringComparison.Ordinal))
            {
                made.Append("(?<");
                i += 3;
            }
            else if (c == '$' && !multiline)
            {
                made.Append("\\z");
            }
            else if (c == '{' && rest.IndexOf('}') is var brace and > 0 && Count(rest[1..brace]) is { } count)
            {
                // RE2 bounds one repetition and all nested ones together; so does this, a little more strictly for those side by side.
                repeats *= Math.Max(1, count);
                if (count > MostRepeats || repeats > MostRepeats * 1000.0)
                {
                    return null;
                }

                made.Append(rest[..(brace + 1)]);
                i += brace;
            }
            else
            {
                made.Append(c);
            }
        }

        return made.ToString();
    }

    private static bool HasMultiline(string pattern)
    {
        for (var at = pattern.IndexOf("(?", StringComparison.Ordinal); at >= 0; at = pattern.IndexOf("(?", at + 2, StringComparison.Ordinal))
        {
            for (var i = at + 2; i < pattern.Length && char.IsAsciiLetter(pattern[i]); i++)
            {
                if (pattern[i] == 'm')
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int? Count(ReadOnlySpan<char> braces)
    {
        var most = 0;
        foreach (var part in braces.ToString().Split(','))
        {
            if (part.Length > 0)
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                {
                    return null;
                }

                most = Math.Max(most, value);
            }
        }

        return most;
    }

    /// <summary>Classes are ASCII's in RE2.</summary>
    private static int Escape(string pattern, int i, bool inClass, StringBuilder made)
    {
        var set = pattern[i + 1] switch
        {
            'd' => "0-9",
            'w' => "0-9A-Za-z_",
            's' => "\\t\\n\\f\\r ",
            _ => null,
        };
        if (set is not null)
        {
            made.Append(inClass ? set : $"[{set}]");
            return i + 1;
        }

        var none = pattern[i + 1] switch { 'D' => "0-9", 'W' => "0-9A-Za-z_", 'S' => "\\t\\n\\f\\r ", _ => null };
        if (none is not null && !inClass)
        {
            made.Append(CultureInfo.InvariantCulture, $"[^{none}]");
            return i + 1;
        }

        if (pattern[i + 1] is 'p' or 'P' && i + 2 < pattern.Length && pattern[i + 2] != '{')
        {
            made.Append(CultureInfo.InvariantCulture, $"\\{pattern[i + 1]}{{{pattern[i + 2]}}}");
            return i + 2;
        }

        made.Append(pattern[i]).Append(pattern[i + 1]);
        return i + 1;
    }

    private static string? Posix(string name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => "\\x00-\\x7F",
        "blank" => "\\t ",
        "cntrl" => "\\x00-\\x1F\\x7F",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => "!-/:-@\\[-`{-~",
        "space" => "\\t\\n\\v\\f\\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => null,
    };
}

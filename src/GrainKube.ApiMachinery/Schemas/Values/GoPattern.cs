using System.Text.RegularExpressions;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>Patterns in Go's syntax (RE2).</summary>
public static class GoPattern
{
    /// <summary>Where the engine can (no lookaround, no back references: neither does RE2 have them) matching takes time linear in the text.</summary>
    /// <exception cref="ArgumentException">No pattern.</exception>
    public static Regex Compile(string pattern, TimeSpan timeout)
    {
        // \z and $ without the multi-line flag both mean the very end in Go; .NET's $ would also match before a last line feed.
        var translated = pattern.Replace("[[:alnum:]]", "[0-9A-Za-z]").Replace("[:alnum:]", "0-9A-Za-z").Replace("[:alpha:]", "A-Za-z")
            .Replace("[:digit:]", "0-9").Replace("[:lower:]", "a-z").Replace("[:upper:]", "A-Z").Replace("[:space:]", @"\s").Replace("[:word:]", @"\w").Replace("(?P<", "(?<");
        if (translated.EndsWith('$') && !translated.EndsWith(@"\$", StringComparison.Ordinal))
        {
            translated = translated[..^1] + @"\z";
        }

        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, timeout);
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("invalid or unsupported Perl syntax", nameof(pattern));
        }
    }
}

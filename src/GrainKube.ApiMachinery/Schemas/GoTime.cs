using System.Globalization;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>The two forms of time that the API knows, each brought to UTC and its fixed precision.</summary>
public static class GoTime
{
    private const string SecondsLayout = "2006-01-02T15:04:05Z07:00";
    private const string MicroLayout = "2006-01-02T15:04:05.000000Z07:00";
    private const string SecondsForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string MicroForm = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>A moment as <c>Time</c>: what is below a second is cut off.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(SecondsForm, CultureInfo.InvariantCulture);

    /// <summary>A moment as <c>MicroTime</c>, as Leases have it.</summary>
    public static string FormatMicro(DateTimeOffset time) => time.UtcDateTime.ToString(MicroForm, CultureInfo.InvariantCulture);

    /// <summary><c>Time</c>: whole seconds.</summary>
    /// <exception cref="DecodeException">No RFC 3339 time.</exception>
    internal static string Seconds(string text) =>
        text.Length == 20 && text[19] == 'Z' && IsPlain(text)
            ? text
            : Parse(text, SecondsLayout).ToString(SecondsForm, CultureInfo.InvariantCulture);

    /// <summary><c>MicroTime</c>: exactly six digits of a second.</summary>
    /// <exception cref="DecodeException">No RFC 3339 time with six digits after the second.</exception>
    internal static string Micro(string text)
    {
        var time = Parse(text, MicroLayout);
        var rest = text.Length > 19 ? text[19..] : "";
        return rest.Length > 7 && rest[0] == '.' && rest.AsSpan(1, 6).IndexOfAnyExceptInRange('0', '9') < 0 && !char.IsAsciiDigit(rest[7])
            ? time.ToString(MicroForm, CultureInfo.InvariantCulture)
            : throw Wrong(text, MicroLayout, rest, ".000000");
    }

    private static bool IsPlain(string text) =>
        DateTime.TryParseExact(text, SecondsForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out _);

    private static DateTimeOffset Parse(string text, string layout)
    {
        if (text.Length >= 20 && text[10] == 'T' && HasZone(text)
            && DateTimeOffset.TryParse(Shortened(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        var (rest, element) = Mismatch(text);
        throw Wrong(text, layout, rest, element);
    }

    private static bool HasZone(string text) => text[^1] == 'Z' || (text.Length > 24 && text[^6] is '+' or '-' && text[^3] == ':');

    /// <summary>.NET takes seven digits of a fraction; clients may send nine.</summary>
    private static string Shortened(string text)
    {
        var zone = text[^1] == 'Z' ? text.Length - 1 : text.Length - 6;
        return text[19] == '.' && zone > 27 ? text[..27] + text[zone..] : text;
    }

    /// <summary>What is left of the text at the first part of the layout that does not fit.</summary>
    private static (string Left, string Element) Mismatch(string text)
    {
        (string Element, int Width)[] parts =
            [("2006", 4), ("-", 1), ("01", 2), ("-", 1), ("02", 2), ("T", 1), ("15", 2), (":", 1), ("04", 2), (":", 1), ("05", 2)];
        var at = 0;
        foreach (var (element, width) in parts)
        {
            var part = text.AsSpan(at, Math.Min(width, text.Length - at));
            var fits = char.IsAsciiDigit(element[0]) ? part.Length == width && part.IndexOfAnyExceptInRange('0', '9') < 0 : part.SequenceEqual(element);
            if (!fits)
            {
                return (text[at..], element);
            }

            at += width;
        }

        return (text[at..], "Z07:00");
    }

    private static DecodeException Wrong(string text, string layout, string rest, string element) =>
        new($"parsing time \"{text}\" as \"{layout}\": cannot parse \"{rest}\" as \"{element}\"");
}

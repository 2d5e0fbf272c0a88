using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Durations;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>Timestamps (RFC 3339) and durations (Go's form) as text.</summary>
internal static class Times
{
    public static bool TryTimestamp(string text, out CelTimestamp moment)
    {
        moment = new CelTimestamp(0, 0);
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        var zone = text.AsSpan(19).IndexOfAny("Zz+-");
        if (zone < 0)
        {
            return false;
        }

        zone += 19;
        var nanos = 0;
        if (zone > 19 && (text[19] != '.' || zone == 20 || !TryFraction(text.AsSpan(20, zone - 20), out nanos)))
        {
            return false;
        }

        if (!DateTime.TryParseExact(text.AsSpan(0, 19), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || !TryZone(text.AsSpan(zone), out var offset))
        {
            return false;
        }

        var seconds = (local.Ticks / TimeSpan.TicksPerSecond) - 62135596800 - offset;
        moment = new CelTimestamp(seconds, nanos);
        return moment.Plus(0) is not null;
    }

    public static string Format(CelTimestamp moment)
    {
        var text = DateTimeOffset.FromUnixTimeSeconds(moment.Seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return moment.Nanoseconds == 0 ? text + "Z" : $"{text}.{moment.Nanoseconds.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    public static bool TryDuration(string text, out long nanoseconds) => GoDuration.Read(text, out nanoseconds) is null;

    /// <summary>Seconds, as protobuf writes them: <c>3600s</c>, <c>1.5s</c>.</summary>
    public static string FormatDuration(long nanoseconds)
    {
        var magnitude = nanoseconds < 0 ? -(Int128)nanoseconds : nanoseconds;
        var made = new StringBuilder(nanoseconds < 0 ? "-" : "").Append(CultureInfo.InvariantCulture, $"{magnitude / 1_000_000_000}");
        var rest = (int)(magnitude % 1_000_000_000);
        if (rest > 0)
        {
            made.Append('.').Append(rest.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0'));
        }

        return made.Append('s').ToString();
    }

    private static bool TryFraction(ReadOnlySpan<char> digits, out int nanos)
    {
        nanos = 0;
        if (digits.IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }

        for (var i = 0; i < 9; i++)
        {
            nanos = (nanos * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return true;
    }

    private static bool TryZone(ReadOnlySpan<char> text, out long offset)
    {
        offset = 0;
        if (text is ['Z' or 'z'])
        {
            return true;
        }

        if (text.Length != 6 || text[3] != ':'
            || !int.TryParse(text.Slice(1, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(text.Slice(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = ((hours * 3600) + (minutes * 60)) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}

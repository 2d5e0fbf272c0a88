using System.Globalization;

namespace GrainKube.ApiMachinery.Tables;

/// <summary>Durations as kubectl's tables show them.</summary>
public static class Age
{
    /// <summary>Time since <paramref name="created"/>, or <c>&lt;unknown&gt;</c>.</summary>
    public static string Of(DateTimeOffset? created, DateTimeOffset now) => created is { } at ? Short(now - at) : "<unknown>";

    /// <summary>Two significant units at most: <c>45s</c>, <c>3m20s</c>, <c>12m</c>, <c>5h30m</c>, <c>9h</c>, <c>2d3h</c>, <c>9d</c>, <c>3y20d</c>.</summary>
    public static string Short(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        if (seconds < 120)
        {
            return Text($"{seconds}s");
        }

        var minutes = seconds / 60;
        if (minutes < 10)
        {
            return Two(minutes, 'm', seconds % 60, 's');
        }

        if (minutes < 180)
        {
            return Text($"{minutes}m");
        }

        var hours = minutes / 60;
        if (hours < 8)
        {
            return Two(hours, 'h', minutes % 60, 'm');
        }

        if (hours < 48)
        {
            return Text($"{hours}h");
        }

        var days = hours / 24;
        if (hours < 192)
        {
            return Two(days, 'd', hours % 24, 'h');
        }

        if (days < 365 * 2)
        {
            return Text($"{days}d");
        }

        return days < 365 * 8 ? Two(days / 365, 'y', days % 365, 'd') : Text($"{days / 365}y");
    }

    private static string Two(long major, char majorUnit, long minor, char minorUnit) =>
        minor == 0 ? Text($"{major}{majorUnit}") : Text($"{major}{majorUnit}{minor}{minorUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

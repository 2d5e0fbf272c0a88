using System.Globalization;

namespace GrainKube.Docker.Containers;

/// <summary>
/// Reads how long ago something was from the sentence that the engine's list has for it: <c>Up 5 minutes</c>, <c>Exited (137) About an hour ago</c>. The engine rounds, so it is a range.
/// </summary>
internal readonly record struct EngineAge(TimeSpan AtLeast, TimeSpan AtMost)
{
    /// <summary>The engine's clock may tick between what it wrote down and what it tells.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <returns>Null where the sentence is none of those.</returns>
    public static EngineAge? Parse(string status)
    {
        var words = status.StartsWith("Up ", StringComparison.Ordinal) ? status[3..]
            : status.StartsWith("Exited (", StringComparison.Ordinal) && status.IndexOf(") ", StringComparison.Ordinal) is > 0 and var end ? status[(end + 2)..]
            : "";
        words = words.Split(" (", 2)[0];
        return words.Split(' ') switch
        {
            ["Less", "than", "a", "second", ..] => Of(0, TimeSpan.FromSeconds(1)),
            ["About", "a", "minute", ..] => Of(1, TimeSpan.FromMinutes(1)),
            ["About", "an", "hour", ..] => Of(1, TimeSpan.FromHours(1)),
            [var number, var unit, ..] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && UnitOf(unit) is { } length => Of(count, length),
            _ => null,
        };
    }

    /// <summary>The exit code that the sentence tells; null where it tells none.</summary>
    public static int? ExitCodeIn(string status) =>
        status.StartsWith("Exited (", StringComparison.Ordinal) && status.IndexOf(')') is > 0 and var end
        && int.TryParse(status.AsSpan(8, end - 8), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>Whether something of that moment can have been told like this by a list that was asked for and answered then.</summary>
    public bool Fits(DateTimeOffset moment, DateTimeOffset asked, DateTimeOffset answered) => answered - moment >= AtLeast - Slack && asked - moment <= AtMost + Slack;

    // Seconds and minutes are rounded downwards, hours (and what is made of them) to the nearest.
    private static EngineAge Of(int count, TimeSpan unit) => new(unit > TimeSpan.FromMinutes(1) ? unit * (count - 0.5) : unit * count, unit * (count + 1));

    private static TimeSpan? UnitOf(string word) => word.TrimEnd('s') switch
    {
        "second" => TimeSpan.FromSeconds(1),
        "minute" => TimeSpan.FromMinutes(1),
        "hour" => TimeSpan.FromHours(1),
        "day" => TimeSpan.FromDays(1),
        "week" => TimeSpan.FromDays(7),
        "month" => TimeSpan.FromDays(30),
        "year" => TimeSpan.FromDays(365),
        _ => null,
    };
}

using System.Globalization;

namespace GrainKube.Resources.Batch.CronJobs;

/// <summary>One field of a cron expression, read as upstream's parser (<c>robfig/cron</c> v3) reads it.</summary>
/// <param name="Values">The values it allows.</param>
/// <param name="IsStar">It restricts nothing: <c>*</c> or <c>?</c>. Decides how the two fields of days combine.</param>
internal sealed record CronField(SortedSet<int> Values, bool IsStar)
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static CronField Minute(string text) => Read(text, 0, 59, [], 0);

    public static CronField Hour(string text) => Read(text, 0, 23, [], 0);

    public static CronField DayOfMonth(string text) => Read(text, 1, 31, [], 0);

    public static CronField Month(string text) => Read(text, 1, 12, Months, 1);

    public static CronField DayOfWeek(string text) => Read(text, 0, 6, Days, 0);

    /// <summary>The field in a form that every cron parser understands alike.</summary>
    public override string ToString() => IsStar ? "*" : string.Join(',', Values.Select(v => v.ToString(CultureInfo.InvariantCulture)));

    /// <exception cref="FormatException">In upstream's words.</exception>
    private static CronField Read(string text, int minimum, int maximum, string[] names, int firstName)
    {
        var (values, star) = (new SortedSet<int>(), false);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            star |= ReadRange(part, minimum, maximum, names, firstName, values);
        }

        return new CronField(values, star);
    }

    private static bool ReadRange(string text, int minimum, int maximum, string[] names, int firstName, SortedSet<int> values)
    {
        var rangeAndStep = text.Split('/');
        var ends = rangeAndStep[0].Split('-');
        var star = ends[0] is "*" or "?";
        var single = ends.Length == 1;
        int first, last;
        if (star)
        {
            (first, last) = (minimum, maximum);
        }
        else
        {
            first = Value(ends[0], names, firstName);
            last = ends.Length switch
            {
                1 => first,
                2 => Value(ends[1], names, firstName),
                _ => throw new FormatException($"too many hyphens: {text}"),
            };
        }

        var step = 1;
        if (rangeAndStep.Length == 2)
        {
            step = Number(rangeAndStep[1]);
            last = single ? maximum : last; // "N/step" means "N-max/step"
            star &= step <= 1;
        }
        else if (rangeAndStep.Length > 2)
        {
            throw new FormatException($"too many slashes: {text}");
        }

        Check(text, first, last, step, minimum, maximum);
        for (var value = first; value <= last; value += step)
        {
            values.Add(value);
        }

        return star;
    }

    private static void Check(string text, int first, int last, int step, int minimum, int maximum)
    {
        var invariant = CultureInfo.InvariantCulture;
        var problem =
            first < minimum ? string.Create(invariant, $"beginning of range ({first}) below minimum ({minimum}): {text}")
            : last > maximum ? string.Create(invariant, $"end of range ({last}) above maximum ({maximum}): {text}")
            : first > last ? string.Create(invariant, $"beginning of range ({first}) beyond end of range ({last}): {text}")
            : step == 0 ? $"step of range should be a positive number: {text}" : null;
        if (problem is not null)
        {
            throw new FormatException(problem);
        }
    }

    private static int Value(string text, string[] names, int firstName) =>
        Array.IndexOf(names, text.ToLowerInvariant()) is >= 0 and var at ? at + firstName : Number(text);

    private static int Number(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            var why = text.Length > 0 && text.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";
            throw new FormatException($"failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": {why}");
        }

        return number >= 0 ? number : throw new FormatException(FormattableString.Invariant($"negative number ({number}) not allowed: {text}"));
    }
}

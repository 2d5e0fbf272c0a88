using System.Globalization;
using System.Text;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Completion indexes of an Indexed Job in their text form, for example <c>1,3-5,7</c>: intervals, both ends included, in rising order.</summary>
public static class JobIndexes
{
    /// <summary>Reads the text strictly, as the API does.</summary>
    /// <param name="text">Empty means none.</param>
    /// <param name="completions">Indexes are below this number.</param>
    /// <param name="total">How many indexes the text names.</param>
    /// <returns>What is wrong, in upstream's words, or null.</returns>
    public static string? Problem(string text, int completions, out int total)
    {
        total = 0;
        int? last = null;
        foreach (var part in Parts(text))
        {
            if (Interval(part, completions, out var first, out var end) is { } problem)
            {
                return problem;
            }

            if (last >= first)
            {
                return string.Create(CultureInfo.InvariantCulture, $"non-increasing order, previous: {last}, current: {first}");
            }

            total += end - first + 1;
            last = end;
        }

        return null;
    }

    /// <summary>Reads what can be read: an interval that is no good is left out, one that is too long is cut at <paramref name="completions"/>.</summary>
    public static SortedSet<int> Parse(string? text, int completions)
    {
        var found = new SortedSet<int>();
        foreach (var part in Parts(text ?? ""))
        {
            var ends = part.Split('-');
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var end))
            {
                for (var index = first; index <= end && index < completions; index++)
                {
                    found.Add(index);
                }
            }
        }

        return found;
    }

    /// <summary>The shortest text: neighbours become one interval, two of them <c>1,2</c>.</summary>
    public static string Format(SortedSet<int> indexes)
    {
        var text = new StringBuilder();
        int? first = null;
        var last = 0;
        foreach (var index in indexes)
        {
            if (first is not null && index == last + 1)
            {
                last = index;
                continue;
            }

            Append(text, first, last);
            (first, last) = (index, index);
        }

        Append(text, first, last);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int? first, int last)
    {
        if (first is not { } start)
        {
            return;
        }

        if (text.Length > 0)
        {
            text.Append(',');
        }

        text.Append(start);
        if (last > start)
        {
            text.Append(last == start + 1 ? ',' : '-').Append(last);
        }
    }

    private static string[] Parts(string text) => text.Length == 0 ? [] : text.Split(',');

    private static string? Interval(string text, int completions, out int first, out int end)
    {
        (first, end) = (0, 0);
        var ends = text.Split('-');
        if (ends.Length > 2)
        {
            return $"the fragment \"{text}\" violates the requirement that an index interval can have at most two parts separated by '-'";
        }

        if (End(ends[0], completions, out first) is { } problem)
        {
            return problem;
        }

        if (ends.Length == 1)
        {
            end = first;
            return null;
        }

        return End(ends[1], completions, out end)
            ?? (first >= end ? $"non-increasing order, previous: {first.ToString(CultureInfo.InvariantCulture)}, current: {end.ToString(CultureInfo.InvariantCulture)}" : null);
    }

    private static string? End(string text, int completions, out int index) =>
        !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index) ? $"cannot convert string to integer for index: \"{text}\""
        : index >= completions ? $"too large index: \"{text}\"" : null;
}

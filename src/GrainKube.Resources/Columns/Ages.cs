using GrainKube.ApiMachinery.Tables;

namespace GrainKube.Resources.Columns;

/// <summary>Times of models, which have no offset and are UTC.</summary>
internal static class Ages
{
    /// <summary>Time since a moment, or <paramref name="absent"/>.</summary>
    public static string Of(DateTime? moment, DateTimeOffset now, string absent = "<unknown>") =>
        moment is { } at ? Age.Short(now - Utc(at)) : absent;

    public static DateTimeOffset Utc(DateTime moment) =>
        moment.Kind == DateTimeKind.Local ? moment : new DateTimeOffset(moment.Ticks, TimeSpan.Zero);
}

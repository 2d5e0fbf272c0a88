namespace GrainKube.Objects.Store;

/// <summary>Says up to which revision history may be forgotten. Pure: told the time once a minute.</summary>
public sealed class HistoryClock(TimeSpan retention, long limit)
{
    private readonly Queue<(DateTimeOffset Time, long Revision)> marks = new();
    private long result;

    /// <returns>The newest revision that nobody needs any more; 0 where there is none.</returns>
    public long Tick(DateTimeOffset now, long newest)
    {
        marks.Enqueue((now, newest));
        while (marks.TryPeek(out var oldest) && now - oldest.Time >= retention)
        {
            result = oldest.Revision;
            marks.Dequeue();
        }

        return result = Math.Max(result, newest - limit);
    }
}

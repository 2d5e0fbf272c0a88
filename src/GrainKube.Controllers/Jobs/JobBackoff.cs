namespace GrainKube.Controllers.Jobs;

/// <summary>How long a failed pod's replacement waits: 10 s, doubled with each further failure, up to 10 minutes.</summary>
internal static class JobBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>What is left of the wait after so many failures in a row.</summary>
    public static TimeSpan Remaining(int failures, DateTimeOffset last, DateTimeOffset now)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        var wait = failures > 7 ? Longest : TimeSpan.FromTicks(Math.Min(First.Ticks << (failures - 1), Longest.Ticks));
        return last + wait > now ? last + wait - now : TimeSpan.Zero;
    }

    /// <summary>The wait of a whole job: it counts the failures since the last success among the pods that are still there.</summary>
    public static TimeSpan Remaining(JobPods pods, DateTimeOffset now)
    {
        var success = pods.All.Where(p => p.Phase == "Succeeded").Select(p => p.FinishedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var failed = pods.All.Where(p => pods.IsFailed(p) && p.FinishedAt > success).ToList();
        return failed.Count == 0 ? TimeSpan.Zero : Remaining(failed.Count, failed.Max(p => p.FinishedAt), now);
    }
}

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>
/// What was recommended and done of late, for windows and rates. Only a hint: it is kept in memory, as upstream keeps it, and begins anew when the work moves.
/// </summary>
internal sealed class ScaleHistory
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private readonly List<(DateTimeOffset At, int Replicas)> recommendations = [];
    private readonly List<(DateTimeOffset At, int Change)> changes = [];

    /// <summary>Before this moment nothing is looked at again, unless the spec changes.</summary>
    public DateTimeOffset? NextLook { get; set; }

    /// <summary>The spec at the last look.</summary>
    public string Looked { get; set; } = "";

    /// <summary>The first look at a target counts as a recommendation of what is there.</summary>
    public void Begin(int replicas, DateTimeOffset now)
    {
        if (recommendations.Count == 0)
        {
            recommendations.Add((now, replicas));
        }
    }

    public void Recommend(int replicas, DateTimeOffset now)
    {
        recommendations.RemoveAll(r => r.At < now - Kept);
        recommendations.Add((now, replicas));
    }

    public void Changed(int by, DateTimeOffset now)
    {
        changes.RemoveAll(c => c.At < now - Kept);
        changes.Add((now, by));
    }

    /// <summary>What was recommended within the window.</summary>
    public IEnumerable<int> Recommended(TimeSpan window, DateTimeOffset now) => recommendations.Where(r => r.At > now - window).Select(r => r.Replicas);

    /// <summary>How many replicas were added within the period.</summary>
    public int Added(TimeSpan period, DateTimeOffset now) => changes.Where(c => c.Change > 0 && c.At > now - period).Sum(c => c.Change);

    public int Removed(TimeSpan period, DateTimeOffset now) => -changes.Where(c => c.Change < 0 && c.At > now - period).Sum(c => c.Change);
}

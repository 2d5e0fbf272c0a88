using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Reconciliation.Events;

/// <summary>
/// Upstream's rules against floods (<c>client-go/tools/record</c>): equal events count up; from the tenth different message of one reason within ten minutes on they are combined;
/// one object gets 25 events at once and then one every five minutes.
/// </summary>
internal sealed class EventCorrelator(TimeProvider time)
{
    private const int Capacity = 4096;
    private const int SimilarBeforeCombining = 10;
    private const double Burst = 25;
    private static readonly TimeSpan SimilarWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OneMoreEach = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, (ObjectKey Key, int Count)> written = [];
    private readonly Dictionary<string, (HashSet<string> Messages, DateTimeOffset Last)> similar = [];
    private readonly Dictionary<string, (double Tokens, DateTimeOffset At)> buckets = [];

    public EventDecision Correlate(PendingEvent item)
    {
        var group = $"{item.About.Uid}|{item.About.Kind}|{item.About.Namespace}|{item.About.Name}|{item.FieldPath}|{item.Type}|{item.Reason}";
        var combined = IsFlood(group, item.Message);
        var message = combined ? $"(combined from similar events): {item.Message}" : item.Message;
        var series = combined ? group : $"{group}|{item.Message}";
        var count = 1;
        ObjectKey? existing = null;
        if (written.TryGetValue(series, out var last))
        {
            // Counted even where it is then dropped: the next one that is written tells how many there were.
            (count, existing) = (last.Count + 1, last.Key);
            written[series] = (last.Key, count);
        }

        return new EventDecision(!TakeToken(item), existing, count, message, series);
    }

    /// <summary>The event was written anew under this key.</summary>
    public void Remember(EventDecision decision, ObjectKey key)
    {
        MakeRoom(written);
        written[decision.Series] = (key, decision.Count);
    }

    private bool IsFlood(string group, string message)
    {
        var now = time.GetUtcNow();
        if (!similar.TryGetValue(group, out var seen) || now - seen.Last > SimilarWithin)
        {
            MakeRoom(similar);
            seen = ([], now);
        }

        if (seen.Messages.Count < SimilarBeforeCombining)
        {
            seen.Messages.Add(message);
        }

        similar[group] = (seen.Messages, now);
        return seen.Messages.Count >= SimilarBeforeCombining;
    }

    private bool TakeToken(PendingEvent item)
    {
        var key = $"{item.About.Kind}|{item.About.Namespace}|{item.About.Name}|{item.About.Uid}";
        var now = time.GetUtcNow();
        if (!buckets.TryGetValue(key, out var bucket))
        {
            MakeRoom(buckets);
            bucket = (Burst, now);
        }

        var tokens = Math.Min(Burst, bucket.Tokens + ((now - bucket.At) / OneMoreEach));
        buckets[key] = (tokens >= 1 ? tokens - 1 : tokens, now);
        return tokens >= 1;
    }

    // Forgetting only costs a count that starts again; half goes at a time so that it is rare.
    private static void MakeRoom<T>(Dictionary<string, T> map)
    {
        if (map.Count < Capacity)
        {
            return;
        }

        foreach (var key in map.Keys.Take(Capacity / 2).ToList())
        {
            map.Remove(key);
        }
    }
}

using System.Collections.Concurrent;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>
/// How soon a failed daemon pod may be replaced again on the same node: at once, then after a second, then twice as long each time, up to a quarter of an hour. Where a node refuses
/// a pod, set and kubelet would otherwise fight without end. Only kept in memory: after a restart the first replacement is at once again.
/// </summary>
internal sealed class FailedPodBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<(string Set, string Node), (TimeSpan Delay, DateTimeOffset Since)> entries = new();

    /// <summary>Takes a replacement on that node, or says how long to wait.</summary>
    public TimeSpan? Take(string set, string node, DateTimeOffset now)
    {
        if (!entries.TryGetValue((set, node), out var entry) || now - entry.Since > 2 * Longest)
        {
            entries[(set, node)] = (First, now);
            return null;
        }

        if (entry.Since + entry.Delay - now is var left && left > TimeSpan.Zero)
        {
            return left;
        }

        entries[(set, node)] = (entry.Delay * 2 < Longest ? entry.Delay * 2 : Longest, now);
        return null;
    }

    public void Forget(string set)
    {
        foreach (var key in entries.Keys.Where(k => k.Set == set))
        {
            entries.TryRemove(key, out _);
        }
    }
}

using System.Runtime.CompilerServices;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Watches;

/// <summary>The rounds of every kind that is watched: as many side by side as half the processors, so that watchers leave the other half to requests.</summary>
internal sealed class WatchFanOut(TimeProvider time)
{
    private static readonly int Lanes = Math.Max(1, Environment.ProcessorCount / 2);
    private readonly ConditionalWeakTable<KindCache, WatchRounds[]> rounds = [];
    private int next;

    /// <param name="kind">What is watched.</param>
    /// <param name="watch">How far the watcher has read.</param>
    /// <param name="bookmarks">How often it is to have a bookmark; null for never.</param>
    /// <param name="cancel">Ends the wait for a turn.</param>
    public WatchTurn Join(KindCache kind, KindWatch watch, TimeSpan? bookmarks, CancellationToken cancel)
    {
        var lanes = rounds.GetValue(kind, _ => [.. Enumerable.Range(0, Lanes).Select(_ => new WatchRounds(() => kind.Changed, time))]);
        return lanes[(uint)Interlocked.Increment(ref next) % lanes.Length]
            .Join(() => watch.HasNews, bookmarks, cancel);
    }
}

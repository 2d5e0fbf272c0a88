using GrainKube.Linearizability.Tests.History;

namespace GrainKube.Linearizability.Tests.Checking;

/// <summary>Says whether a watch, with all its resumptions, told every change after its beginning, once and in order. Pure.</summary>
internal static class WatchChecker
{
    /// <returns>What is wrong first; null where nothing is.</returns>
    public static string? Check(Truth truth, long after, IReadOnlyList<WatchEvent> seen)
    {
        var expected = truth.Changes.Where(c => c.Revision > after).OrderBy(c => c.Revision).ToList();
        for (var i = 0; i < Math.Max(expected.Count, seen.Count); i++)
        {
            if (i >= seen.Count)
            {
                return $"{expected[i]} and {expected.Count - i - 1} more were not told";
            }

            if (i >= expected.Count || seen[i] != expected[i])
            {
                return seen.Take(i).Contains(seen[i]) ? $"{seen[i]} was told twice"
                    : i < expected.Count && seen[i].Revision > expected[i].Revision ? $"{seen[i]} was told, but {expected[i]} came before it"
                    : $"{seen[i]} was told, which never happened so";
            }
        }

        return null;
    }
}

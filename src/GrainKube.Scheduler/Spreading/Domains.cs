using System.Runtime.InteropServices;

namespace GrainKube.Scheduler.Spreading;

/// <summary>Pods in each domain of one constraint.</summary>
internal sealed class Domains
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private int? least;

    public int Count => counts.Count;

    public void Know(string domain)
    {
        counts.TryAdd(domain, 0);
        least = null;
    }

    public int In(string domain) => counts.GetValueOrDefault(domain);

    /// <summary>A domain that is not known takes no part.</summary>
    public void Add(string domain, int pods)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, domain);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count))
        {
            count += pods;
            least = null;
        }
    }

    /// <summary>The pods in the emptiest; zero where there are fewer domains than that.</summary>
    public int Least(int minDomains)
    {
        if (counts.Count < minDomains)
        {
            return 0;
        }

        if (least is { } known)
        {
            return known;
        }

        // Without any domain no node has the label: the number is not asked for.
        var found = counts.Count == 0 ? 0 : int.MaxValue;
        foreach (var count in counts.Values)
        {
            found = Math.Min(found, count);
        }

        return (least = found).Value;
    }
}

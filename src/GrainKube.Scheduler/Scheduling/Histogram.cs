using System.Globalization;
using System.Text;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Counts on how many nodes something stood in the way, and says so as upstream does.</summary>
internal sealed class Histogram
{
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    public void Add(string reason, int nodes)
    {
        if (nodes > 0)
        {
            counts[reason] = counts.GetValueOrDefault(reason) + nodes;
        }
    }

    public void Add(IEnumerable<string> reasonsOfNode)
    {
        foreach (var reason in reasonsOfNode)
        {
            Add(reason, 1);
        }
    }

    public string About(int nodes) => About(nodes, counts.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} {r.Key}")));

    public static string About(int nodes, IEnumerable<string> parts) =>
        new StringBuilder().Append(CultureInfo.InvariantCulture, $"0/{nodes} nodes are available: ").AppendJoin(", ", parts.Order(StringComparer.Ordinal)).Append('.').ToString();
}

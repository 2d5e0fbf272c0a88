using System.Runtime.InteropServices;
using GrainKube.Scheduler.Nodes;

namespace GrainKube.Scheduler.Affinity;

/// <summary>Numbers for places: a place is a node label and its value.</summary>
internal sealed class TopologyCounts
{
    private readonly List<(string Label, Dictionary<string, long> Values)> labels = [];

    /// <summary>No place has a number other than zero.</summary>
    public bool IsEmpty => labels.TrueForAll(l => l.Values.Count == 0);

    public void Clear() => labels.Clear();

    /// <summary>Adds to the place that the node is in by that label; a node without the label is in none.</summary>
    public void Add(NodeState node, string label, long amount)
    {
        if (amount == 0 || !node.Labels.TryGetValue(label, out var value))
        {
            return;
        }

        var values = ValuesOf(label);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(values, value, out _);
        sum += amount;
        if (sum == 0)
        {
            values.Remove(value);
        }
    }

    /// <summary>Adds for each pod of a group.</summary>
    public void Add(PodGroup group, string label, long each)
    {
        foreach (var (node, count) in group.Nodes)
        {
            if (node.Exists)
            {
                Add(node, label, each * count);
            }
        }
    }

    public long Of(NodeState node, string label)
    {
        foreach (var (known, values) in labels)
        {
            if (known == label)
            {
                return node.Labels.TryGetValue(label, out var value) ? values.GetValueOrDefault(value) : 0;
            }
        }

        return 0;
    }

    /// <summary>The sum over all places that the node is in.</summary>
    public long SumFor(NodeState node)
    {
        var sum = 0L;
        foreach (var (label, values) in labels)
        {
            sum += node.Labels.TryGetValue(label, out var value) ? values.GetValueOrDefault(value) : 0;
        }

        return sum;
    }

    private Dictionary<string, long> ValuesOf(string label)
    {
        foreach (var (known, values) in labels)
        {
            if (known == label)
            {
                return values;
            }
        }

        var made = new Dictionary<string, long>(StringComparer.Ordinal);
        labels.Add((label, made));
        return made;
    }
}

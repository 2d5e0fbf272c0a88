using System.Collections.Concurrent;
using GrainKube.ApiMachinery.Quantities;
using k8s.Models;

namespace GrainKube.Scheduler.Nodes;

/// <summary>Gives each resource name a position; extended resources and huge pages get theirs when first met.</summary>
internal sealed class ResourceNames
{
    private readonly ConcurrentDictionary<string, int> positions = new(StringComparer.Ordinal)
    {
        ["cpu"] = ResourceVector.Cpu,
        ["memory"] = ResourceVector.Memory,
        ["ephemeral-storage"] = ResourceVector.EphemeralStorage,
        ["pods"] = ResourceVector.Pods,
    };

    private readonly List<string> names = ["cpu", "memory", "ephemeral-storage", "pods"];

    public string NameOf(int position)
    {
        lock (names)
        {
            return names[position];
        }
    }

    public int PositionOf(string name)
    {
        if (positions.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (names)
        {
            return positions.GetOrAdd(name, fresh =>
            {
                names.Add(fresh);
                return names.Count - 1;
            });
        }
    }

    /// <summary>CPU in thousandths, everything else in units.</summary>
    public ResourceVector Read(IDictionary<string, ResourceQuantity>? quantities) => new(ReadFresh(quantities));

    /// <summary>The same in an array of the caller's own.</summary>
    public long[] ReadFresh(IDictionary<string, ResourceQuantity>? quantities)
    {
        var amounts = new long[4];
        if (quantities is null)
        {
            return amounts;
        }

        foreach (var (name, quantity) in quantities)
        {
            var position = PositionOf(name);
            if (position >= amounts.Length)
            {
                Array.Resize(ref amounts, position + 1);
            }

            amounts[position] = Amount(position, quantity);
        }

        return amounts;
    }

    public static long Amount(int position, ResourceQuantity quantity)
    {
        var parsed = quantity.ToQuantity();
        return position == ResourceVector.Cpu ? parsed.MilliValue : parsed.Value;
    }
}

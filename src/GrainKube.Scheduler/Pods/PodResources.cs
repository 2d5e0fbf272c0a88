using GrainKube.Scheduler.Nodes;
using k8s.Models;

namespace GrainKube.Scheduler.Pods;

/// <summary>What a pod asks for, or a placed one holds: the sum of its containers, or an init container if that asks for more, with sidecars counted from where they start, and the overhead.</summary>
internal static class PodResources
{
    private static readonly Dictionary<string, V1ContainerStatus> Nothing = [];
    private const long AssumedMilliCpu = 100;
    private const long AssumedMemory = 200L * 1024 * 1024;

    /// <param name="spec">The pod's spec.</param>
    /// <param name="status">A placed pod holds what its node gave it and its containers, and what it was resized to, whichever is more.</param>
    /// <param name="isResizeInfeasible">Its node cannot give what it was resized to: that counts no more.</param>
    /// <param name="names">Positions of resources.</param>
    public static (ResourceVector Requests, ResourceVector Assumed) Of(PlacementSpec spec, V1PodStatus? status, bool isResizeInfeasible, ResourceNames names)
    {
        var held = status is null ? Nothing : (status.ContainerStatuses ?? []).Concat(status.InitContainerStatuses ?? []).ToDictionary(s => s.Name, StringComparer.Ordinal);
        var requests = Total(spec, held, status, isResizeInfeasible, names, assume: false);
        var assumed = Total(spec, held, status, isResizeInfeasible, names, assume: true);
        requests[ResourceVector.Pods] = assumed[ResourceVector.Pods] = 1;
        return (new ResourceVector(requests), new ResourceVector(assumed));
    }

    private static long[] Total(PlacementSpec spec, Dictionary<string, V1ContainerStatus> held, V1PodStatus? status, bool isResizeInfeasible, ResourceNames names, bool assume)
    {
        var running = new long[4];
        foreach (var container in spec.Containers)
        {
            Add(ref running, Of(container, held, isResizeInfeasible, names, assume));
        }

        if (spec.InitContainers is { Count: > 0 } inits)
        {
            AddInits(ref running, inits, held, isResizeInfeasible, names, assume);
        }

        if (spec.Resources?.Requests is { } podLevel)
        {
            foreach (var (name, quantity) in podLevel)
            {
                var position = names.PositionOf(name);
                var given = Math.Max(Given(status?.Resources?.Requests, name, position), Given(status?.AllocatedResources, name, position));
                Grow(ref running, position + 1);
                running[position] = isResizeInfeasible && given > 0 ? given : Math.Max(given, ResourceNames.Amount(position, quantity));
            }
        }

        if (spec.Overhead is { } overhead)
        {
            Add(ref running, names.Read(overhead).Amounts);
        }

        return running;

        // What the node says of the pod as a whole has the overhead in it.
        long Given(IDictionary<string, ResourceQuantity>? amounts, string name, int position) => amounts is not null && amounts.TryGetValue(name, out var amount)
            ? ResourceNames.Amount(position, amount) - (spec.Overhead is { } beside && beside.TryGetValue(name, out var more) ? ResourceNames.Amount(position, more) : 0)
            : 0;
    }

    private static void AddInits(
        ref long[] running, IList<PlacementContainer> inits, Dictionary<string, V1ContainerStatus> held, bool isResizeInfeasible, ResourceNames names, bool assume)
    {
        var (sidecars, peak) = (new long[4], new long[4]);
        foreach (var init in inits)
        {
            var own = Of(init, held, isResizeInfeasible, names, assume);
            if (init.RestartPolicy == "Always")
            {
                Add(ref sidecars, own);
                Add(ref running, own);
                Max(ref peak, sidecars);
            }
            else
            {
                Add(ref own, sidecars);
                Max(ref peak, own);
            }
        }

        Max(ref running, peak);
    }

    /// <returns>An array of its own.</returns>
    private static long[] Of(
        PlacementContainer container, Dictionary<string, V1ContainerStatus> held, bool isResizeInfeasible, ResourceNames names, bool assume)
    {
        var amounts = names.ReadFresh(container.Resources?.Requests);
        if (held.TryGetValue(container.Name, out var status))
        {
            var given = names.ReadFresh(status.Resources?.Requests);
            Max(ref given, names.Read(status.AllocatedResources).Amounts);
            if (isResizeInfeasible && status.AllocatedResources is not null)
            {
                amounts = given;
            }
            else
            {
                Max(ref amounts, given);
            }
        }

        if (assume)
        {
            amounts[ResourceVector.Cpu] = amounts[ResourceVector.Cpu] == 0 ? AssumedMilliCpu : amounts[ResourceVector.Cpu];
            amounts[ResourceVector.Memory] = amounts[ResourceVector.Memory] == 0 ? AssumedMemory : amounts[ResourceVector.Memory];
        }

        return amounts;
    }

    private static void Add(ref long[] sum, ReadOnlySpan<long> amounts)
    {
        Grow(ref sum, amounts.Length);
        for (var i = 0; i < amounts.Length; i++)
        {
            sum[i] += amounts[i];
        }
    }

    private static void Max(ref long[] most, ReadOnlySpan<long> amounts)
    {
        Grow(ref most, amounts.Length);
        for (var i = 0; i < amounts.Length; i++)
        {
            most[i] = Math.Max(most[i], amounts[i]);
        }
    }

    private static void Grow(ref long[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, length);
        }
    }
}

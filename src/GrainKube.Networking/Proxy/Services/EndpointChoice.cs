using System.Collections.Immutable;

namespace GrainKube.Networking.Proxy.Services;

/// <summary>Which of a port's endpoints are used: ready ones; where there are none, those that still serve while they end. Hints narrow the cluster's choice, never the local one.</summary>
internal readonly record struct EndpointChoice(ImmutableArray<ServiceEndpoint> Cluster, ImmutableArray<ServiceEndpoint> Local, bool HasEndpoints)
{
    public static EndpointChoice Of(IReadOnlyCollection<SliceEndpoint> all, NodePlace place)
    {
        var ready = all.Where(e => e.IsReady).ToList();
        var fading = all.Where(e => !e.IsReady && e is { IsServing: true, IsTerminating: true }).ToList();
        var cluster = ready.Count > 0 ? Near(ready, place) : fading;
        var localReady = ready.Where(e => e.Target.IsLocal).ToList();
        var local = localReady.Count > 0 ? localReady : fading.Where(e => e.Target.IsLocal);
        return new EndpointChoice(Sorted(cluster), Sorted(local), ready.Count + fading.Count > 0);
    }

    // Hints count only where every ready endpoint has them and one is for here; otherwise some node might be left without any.
    private static IReadOnlyCollection<SliceEndpoint> Near(List<SliceEndpoint> ready, NodePlace place)
    {
        if (ready.TrueForAll(e => e.NodeHints.Count > 0) && ready.Where(e => e.NodeHints.Contains(place.NodeName)).ToList() is { Count: > 0 } sameNode)
        {
            return sameNode;
        }

        return place.Zone.Length > 0 && ready.TrueForAll(e => e.ZoneHints.Count > 0) && ready.Where(e => e.ZoneHints.Contains(place.Zone)).ToList() is { Count: > 0 } sameZone
            ? sameZone
            : ready;
    }

    private static ImmutableArray<ServiceEndpoint> Sorted(IEnumerable<SliceEndpoint> endpoints) =>
        [.. endpoints.Select(e => e.Target).OrderBy(t => t.Address, StringComparer.Ordinal).ThenBy(t => t.Port)];
}

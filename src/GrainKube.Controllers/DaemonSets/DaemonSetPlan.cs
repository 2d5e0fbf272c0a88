namespace GrainKube.Controllers.DaemonSets;

/// <summary>What a daemon set needs to have one pod on every node that it belongs on. Pure.</summary>
/// <param name="Create">Nodes that get a pod now.</param>
/// <param name="Delete">Pods to delete now.</param>
/// <param name="Failed">Pods that have failed; they go when their node's back-off allows.</param>
/// <param name="Succeeded">Pods that have ended although they should not; they go now.</param>
internal sealed record DaemonSetPlan(IReadOnlyList<string> Create, IReadOnlyList<DaemonPod> Delete, IReadOnlyList<DaemonPod> Failed, IReadOnlyList<DaemonPod> Succeeded)
{
    /// <param name="nodes">All nodes, with what the set wants of them.</param>
    /// <param name="pods">The set's pods by the node they are meant for.</param>
    /// <param name="surges">The update strategy allows two pods on a node for a while.</param>
    public static DaemonSetPlan For(IReadOnlyList<NodeVerdict> nodes, ILookup<string, DaemonPod> pods, bool surges)
    {
        var (create, delete, failed, succeeded) = (new List<string>(), new List<DaemonPod>(), new List<DaemonPod>(), new List<DaemonPod>());
        foreach (var node in nodes)
        {
            var there = pods[node.Node].ToList();
            if (node.ShouldRun && there.Count == 0)
            {
                create.Add(node.Node);
            }
            else if (!node.ShouldStay)
            {
                delete.AddRange(there.Where(p => !p.IsTerminating));
            }
            else
            {
                failed.AddRange(there.Where(p => p is { IsTerminating: false, IsFailed: true }));
                succeeded.AddRange(there.Where(p => p is { IsTerminating: false, IsSucceeded: true }));
                var alive = DaemonPod.InOrder(there.Where(p => p is { IsTerminating: false, IsFinished: false })).ToList();
                delete.AddRange(surges ? SurplusWhileSurging(alive) : alive.Skip(1));
            }
        }

        // A pod that waits for a node that is gone would wait for ever.
        var known = nodes.Select(n => n.Node).ToHashSet();
        delete.AddRange(pods.Where(p => p.Key.Length > 0 && !known.Contains(p.Key)).SelectMany(p => p).Where(p => p is { IsBound: false, IsTerminating: false }));
        return new DaemonSetPlan(create, delete, failed, succeeded);
    }

    // Old and new may stand side by side until the new one is available, or for as long as the old one is ready.
    private static IEnumerable<DaemonPod> SurplusWhileSurging(List<DaemonPod> alive)
    {
        var (updated, old) = (alive.Find(p => p.IsUpdated), alive.Find(p => !p.IsUpdated));
        var surplus = alive.Where(p => p != updated && p != old);
        return updated is not null && old is not null && (!old.IsReady || updated.IsAvailable) ? surplus.Append(old) : surplus;
    }
}

namespace GrainKube.Controllers.DaemonSets;

/// <summary>The next step of a daemon set's rolling update, when every node has what <see cref="DaemonSetPlan"/> wants. Pure.</summary>
/// <param name="Create">Nodes that get a pod of the new template beside the old one.</param>
/// <param name="Delete">Old pods to delete.</param>
internal sealed record DaemonRollout(IReadOnlyList<string> Create, IReadOnlyList<DaemonPod> Delete)
{
    /// <param name="nodes">All nodes.</param>
    /// <param name="pods">The set's pods by node.</param>
    /// <param name="surge">How many nodes may run two pods; 0 means that the old pod goes first.</param>
    /// <param name="unavailable">On how many nodes the pod may be unavailable.</param>
    public static DaemonRollout For(IReadOnlyList<NodeVerdict> nodes, ILookup<string, DaemonPod> pods, int surge, int unavailable)
    {
        var onNodes = nodes.Where(n => n.ShouldRun || pods.Contains(n.Node)).Select(n => OnNode.Of(n, pods[n.Node])).ToList();
        return surge == 0 ? Replace(onNodes, unavailable) : Surge(onNodes, surge);
    }

    private static DaemonRollout Replace(List<OnNode> nodes, int unavailable)
    {
        var old = nodes.Where(n => n.IsClear && n.Old is not null && n.New is null).Select(n => n.Old!).ToList();
        var missing = nodes.Count(n => !n.IsClear || (n.Old is null) == (n.New is null) || n.New is { IsAvailable: false });

        // What does not work costs nothing to replace, but counts for the rest.
        var broken = old.Where(p => !p.IsAvailable).ToList();
        missing += broken.Count;
        return new DaemonRollout([], [.. broken, .. old.Where(p => p.IsAvailable).Take(Math.Max(0, unavailable - missing))]);
    }

    private static DaemonRollout Surge(List<OnNode> nodes, int surge)
    {
        var both = nodes.Where(n => n is { IsClear: true, Old: not null, New: not null }).ToList();
        var waiting = nodes.Count(n => !n.IsClear) + both.Count(n => !n.New!.IsAvailable);
        var old = nodes.Where(n => n is { ShouldRun: true, IsClear: true, Old: not null, New: null }).ToList();
        return new DaemonRollout(
            [.. old.Where(n => !n.Old!.IsAvailable).Concat(old.Where(n => n.Old!.IsAvailable).Take(Math.Max(0, surge - waiting))).Select(n => n.Name)],
            [.. both.Where(n => n.New!.IsAvailable).Select(n => n.Old!)]);
    }

    /// <param name="Name">The node.</param>
    /// <param name="ShouldRun">It may get a new pod.</param>
    /// <param name="New">Its pod of the new template.</param>
    /// <param name="Old">Its pod of an older one.</param>
    /// <param name="IsClear">False where there are two of a sort.</param>
    private sealed record OnNode(string Name, bool ShouldRun, DaemonPod? New, DaemonPod? Old, bool IsClear)
    {
        public static OnNode Of(NodeVerdict node, IEnumerable<DaemonPod> pods)
        {
            var staying = pods.Where(p => !p.IsTerminating).ToLookup(p => p.IsUpdated);
            return new OnNode(
                node.Node, node.ShouldRun, staying[true].FirstOrDefault(), staying[false].FirstOrDefault(), staying[true].Count() <= 1 && staying[false].Count() <= 1);
        }
    }
}

namespace GrainKube.Controllers.DaemonSets;

/// <summary>The numbers of a daemon set's status; the oldest pod of a node speaks for it.</summary>
/// <param name="Desired">Nodes that should run the pod.</param>
/// <param name="Current">Of these, nodes that have one.</param>
/// <param name="Misscheduled">Nodes that have one and should not.</param>
/// <param name="Ready">Nodes whose pod is ready.</param>
/// <param name="Updated">Nodes whose pod is of the present template.</param>
/// <param name="Available">Nodes whose pod has been ready long enough.</param>
internal readonly record struct DaemonSetCounts(int Desired, int Current, int Misscheduled, int Ready, int Updated, int Available)
{
    public static DaemonSetCounts Of(IReadOnlyList<NodeVerdict> nodes, ILookup<string, DaemonPod> pods)
    {
        var counts = default(DaemonSetCounts);
        foreach (var node in nodes)
        {
            var first = DaemonPod.InOrder(pods[node.Node]).FirstOrDefault();
            if (!node.ShouldRun)
            {
                counts = counts with { Misscheduled = counts.Misscheduled + (first is null ? 0 : 1) };
                continue;
            }

            counts = new DaemonSetCounts(
                counts.Desired + 1,
                counts.Current + (first is null ? 0 : 1),
                counts.Misscheduled,
                counts.Ready + (first is { IsReady: true } ? 1 : 0),
                counts.Updated + (first is { IsUpdated: true } ? 1 : 0),
                counts.Available + (first is { IsAvailable: true } ? 1 : 0));
        }

        return counts;
    }
}

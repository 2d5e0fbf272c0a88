using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>
/// Which pods go first when there are too many (upstream's ActivePodsWithRanks): not bound, then pending, then not ready, then cheap to delete, then doubled up on a node,
/// then ready for the shorter time, then restarted more often, then younger.
/// </summary>
internal static class ReplicaRank
{
    /// <summary>The <paramref name="count"/> pods to delete.</summary>
    public static IReadOnlyList<KubeObject> Victims(IReadOnlyList<KubeObject> active, int count)
    {
        if (count >= active.Count)
        {
            return active;
        }

        var onNode = new Dictionary<string, int>();
        foreach (var pod in active)
        {
            var node = PodFacts.Of(pod).NodeName;
            onNode[node] = onNode.GetValueOrDefault(node) + 1;
        }

        return
        [
            .. active
                .Select(pod => (Pod: pod, Facts: PodFacts.Of(pod)))
                .OrderBy(p => p.Facts.NodeName.Length == 0 ? 0 : 1)
                .ThenBy(p => p.Facts.Phase switch { "Pending" or "" => 0, "Unknown" => 1, _ => 2 })
                .ThenBy(p => p.Facts.IsReady ? 1 : 0)
                .ThenBy(p => p.Facts.DeletionCost)
                .ThenByDescending(p => onNode[p.Facts.NodeName])
                .ThenByDescending(p => p.Facts.ReadySince ?? DateTimeOffset.MinValue)
                .ThenByDescending(p => p.Facts.Restarts)
                .ThenByDescending(p => p.Pod.Header.CreationTimestamp)
                .ThenBy(p => p.Pod.Header.Name, StringComparer.Ordinal)
                .Take(count)
                .Select(p => p.Pod),
        ];
    }
}

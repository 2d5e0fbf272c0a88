using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Revisions;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>Keeps the history of one daemon set tidy during one reconciliation.</summary>
internal sealed class DaemonRevisions(RevisionHistory history, RevisionPlan place, ReconcileContext context)
{
    /// <summary>The hash that pods of a revision carry; a revision that somebody made by hand counts by its name.</summary>
    public static string HashOf(Revision revision) =>
        revision.Item.Header.Labels.TryGetValue(DaemonSetLabels.RevisionHash, out var hash) && hash.Length > 0 ? hash : revision.Name;

    /// <summary>Deletes revisions that remember the present template too, after their pods carry the hash of the one that stays.</summary>
    /// <returns>The pods as they are then.</returns>
    public async Task<List<KubeObject>> DropDuplicatesAsync(List<KubeObject> pods, string hash, CancellationToken cancel)
    {
        if (place.Duplicates.Count == 0)
        {
            return pods;
        }

        var duplicates = place.Duplicates.Select(HashOf).ToHashSet();
        var relabelled = new List<KubeObject>(pods.Count);
        foreach (var pod in pods)
        {
            relabelled.Add(duplicates.Contains(HashOf(pod)) && HashOf(pod) != hash
                ? await context.Objects.PatchAsync(
                    pod.Key,
                    new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [DaemonSetLabels.RevisionHash] = hash } } },
                    "",
                    new Preconditions(pod.Header.Uid),
                    cancel)
                : pod);
        }

        await history.DeleteAsync(place.Duplicates, cancel);
        return relabelled;
    }

    /// <summary>Deletes the oldest revisions beyond the limit that no pod is of.</summary>
    public async Task CleanUpAsync(IReadOnlyList<KubeObject> pods, int limit, CancellationToken cancel)
    {
        var live = pods.Select(HashOf).ToHashSet();
        var surplus = Math.Max(0, place.Old.Count - limit);
        await history.DeleteAsync(place.Old.Where(r => !live.Contains(HashOf(r))).Take(surplus), cancel);
    }

    private static string HashOf(KubeObject pod) => pod.Header.Labels.GetValueOrDefault(DaemonSetLabels.RevisionHash) ?? "";
}

using GrainKube.Linearizability.Tests.History;

namespace GrainKube.Linearizability.Tests.Checking;

/// <summary>
/// Says whether what clients saw can be told as one story: each call happens at one moment between its start and its end, in the order of the store's revisions. Pure.
/// </summary>
/// <remarks>
/// Revisions make the search that linearizability usually needs unnecessary: an answered call says where in the order it stands. What is left is whether it may stand there. A call must not
/// stand before what was known when it began (the largest revision in any answer that had come by then), nor after what began when it had ended.
/// </remarks>
internal sealed class HistoryChecker
{
    private readonly Truth truth;
    private readonly IReadOnlyList<Operation> operations;
    private readonly List<string> wrong = [];
    private readonly long[] ends;
    private readonly long[] known;
    private readonly List<(long Start, long Revision)> writes;

    private HistoryChecker(Truth truth, IReadOnlyList<Operation> operations)
    {
        (this.truth, this.operations) = (truth, operations);
        var answered = operations.Where(o => o.Outcome == Outcome.Done && o.Revision > 0).OrderBy(o => o.End).ToList();
        ends = [.. answered.Select(o => o.End)];
        known = new long[answered.Count];
        for (var i = 0; i < known.Length; i++)
        {
            known[i] = Math.Max(i > 0 ? known[i - 1] : 0, answered[i].Revision);
        }

        writes = [.. operations.Where(o => IsWrite(o) && o.Value.Length > 0).SelectMany(o => truth.ByValue[o.Value].Select(c => (o.Start, c.Revision))).OrderBy(w => w.Start)];
    }

    /// <returns>Everything that is wrong; empty where the history holds.</returns>
    public static IReadOnlyList<string> Check(Truth truth, IReadOnlyList<Operation> operations)
    {
        var checker = new HistoryChecker(truth, operations);
        checker.EveryChangeHasItsWrite();
        checker.EveryDeletionHasItsDelete();
        foreach (var operation in operations)
        {
            checker.Check(operation);
        }

        return checker.wrong;
    }

    private void Check(Operation operation)
    {
        var (from, to) = (Known(operation.Start), Before(operation.End));
        switch (operation)
        {
            case { Outcome: Outcome.Unknown }:
                break;
            case { Outcome: Outcome.NotFound }:
                Demand(truth.WasEver(operation.Key, from, to, found => found is null), operation, "said that there is no such object, but there always was");
                break;
            case { Outcome: Outcome.AlreadyExists }:
                Demand(truth.WasEver(operation.Key, from, to, found => found is not null), operation, "said that the object exists, but it never did");
                break;
            case { Outcome: Outcome.Conflict }:
                Demand(truth.WasEver(operation.Key, from, to, found => found?.Revision != operation.Expected), operation, "was refused, but the object always was what it was meant for");
                break;
            case { Kind: OperationKind.Get }:
                var read = operation.Found.TryGetValue(operation.Key, out var one) ? one : (ItemVersion?)null;
                Demand(truth.WasEver(operation.Key, from, to, found => found == read), operation, "read what was not (any more) or not yet there");
                break;
            case { Kind: OperationKind.List }:
                Demand(operation.Revision >= from && operation.Revision <= to, operation, $"is of a revision outside of {from}..{to}");
                Demand(truth.Keys.All(key => truth.At(key, operation.Revision) == (operation.Found.TryGetValue(key, out var item) ? item : null)), operation, "is not what there was at its revision");
                break;
            case { Kind: not OperationKind.Delete }:
                CheckWrite(operation, from, to);
                break;
        }
    }

    private void CheckWrite(Operation operation, long from, long to)
    {
        if (!truth.ByRevision.TryGetValue(operation.Revision, out var change) || change.Key != operation.Key || change.Value != operation.Value)
        {
            wrong.Add($"{operation}: was acknowledged, and is lost");
            return;
        }

        Demand(operation.Revision > from && operation.Revision <= to, operation, $"stands outside of its time, {from}..{to}");
        Demand(operation.Expected == 0 || truth.Before(change)?.Revision == operation.Expected, operation, $"overwrote {truth.Before(change)}");
        Demand(operation.Kind == OperationKind.Create == (change.Type == "ADDED"), operation, $"was made as {change.Type}");
    }

    // Nothing may be written twice, nor by a write that was refused.
    private void EveryChangeHasItsWrite()
    {
        var wanted = operations.Where(o => IsWrite(o) && o.Value.Length > 0).ToDictionary(o => o.Value);
        foreach (var change in truth.Changes.Where(c => c.Type != "DELETED"))
        {
            if (!wanted.TryGetValue(change.Value, out var write))
            {
                wrong.Add($"{change}: nobody wrote it");
            }
            else if (write.Outcome is not (Outcome.Done or Outcome.Unknown))
            {
                wrong.Add($"{write}: was refused, and happened as {change}");
            }
            else if (truth.ByValue[change.Value].First() != change)
            {
                wrong.Add($"{write}: happened twice, again as {change}");
            }
        }
    }

    // A delete's answer tells no revision: each needs a deletion within its time, and no two the same.
    private void EveryDeletionHasItsDelete()
    {
        var deletes = operations.Where(o => o.Kind == OperationKind.Delete).ToLookup(o => o.Key);
        foreach (var key in truth.Keys.Union(deletes.Select(d => d.Key)))
        {
            var left = truth.Of(key).Where(c => c.Type == "DELETED").ToList();
            // Those with a precondition first: only one deletion can be theirs, and another delete must not be given it.
            foreach (var delete in deletes[key].Where(d => d.Outcome == Outcome.Done).OrderBy(d => d.Expected == 0).ThenBy(d => d.End))
            {
                var (from, to) = (Known(delete.Start), Before(delete.End));
                var mine = left.FindIndex(d => d.Revision > from && d.Revision <= to && (delete.Expected == 0 || truth.Before(d)?.Revision == delete.Expected));
                if (mine < 0)
                {
                    wrong.Add($"{delete}: was acknowledged, and nothing was deleted then");
                    continue;
                }

                left.RemoveAt(mine);
            }

            if (left.Count > deletes[key].Count(d => d.Outcome == Outcome.Unknown))
            {
                wrong.Add($"{key}: deleted more often than anybody who was not refused has asked, at {string.Join(", ", left.Select(d => d.Revision))}");
            }
        }
    }

    /// <summary>The largest revision that anybody had been told before that time.</summary>
    private long Known(long time)
    {
        var at = Array.BinarySearch(ends, time);
        at = at < 0 ? ~at - 1 : at - 1;
        while (at >= 0 && ends[at] >= time)
        {
            at--;
        }

        return at < 0 ? 0 : known[at];
    }

    /// <summary>The last revision before all that was begun after that time.</summary>
    private long Before(long time)
    {
        var later = writes.Where(w => w.Start > time).Select(w => w.Revision).DefaultIfEmpty(long.MaxValue).Min();
        return later == long.MaxValue ? later : later - 1;
    }

    private void Demand(bool holds, Operation operation, string complaint)
    {
        if (!holds)
        {
            wrong.Add($"{operation}: {complaint}");
        }
    }

    private static bool IsWrite(Operation operation) => operation.Kind is OperationKind.Create or OperationKind.Update or OperationKind.Patch;
}

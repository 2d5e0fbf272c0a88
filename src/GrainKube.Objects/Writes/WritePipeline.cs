using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes.Outside;
using GrainKube.Objects.Writes.Parts;

namespace GrainKube.Objects.Writes;

/// <summary>
/// Plans a write on what is believed to be stored, commits it if that was true, and otherwise plans again on what is. Nothing but a successful commit is answered
/// from a guess.
/// </summary>
internal sealed class WritePipeline(IObjectStore store, ResourceRegistry registry, WatchCache cache, Admissions admissions, TransactionParts parts, TimeProvider time)
{
    private const int Attempts = 5;

    /// <summary>How often a commit may fail by what others took of the addresses or the quota that it wants; each time somebody else has got on.</summary>
    private const int Races = 50;
    private readonly Plans plans = new(admissions);

    /// <param name="key">The object.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="held">What the grain remembers.</param>
    /// <returns>The answer, and what to remember.</returns>
    public async Task<(WriteResult Result, HeldObject? Held)> RunAsync(ObjectKey key, WriteRequest request, HeldObject? held)
    {
        var write = new WriteOperation(key, request, registry, time.GetUtcNow());
        try
        {
            return await RunAsync(write, held);
        }
        catch (ApiException refused) when (write.AuditAnnotations.Count + write.AllWarnings.Count > 0)
        {
            throw refused.Noting(write.AuditAnnotations, write.AllWarnings);
        }
    }

    private async Task<(WriteResult Result, HeldObject? Held)> RunAsync(WriteOperation write, HeldObject? held)
    {
        var (key, request) = (write.Key, write.Request);
        var creates = request.Verb == WriteVerb.Create && request.Subresource.Length == 0;
        var current = creates ? null : Guess(write, held);
        var certain = creates && !request.DryRun;
        var races = 0;
        for (var attempt = 1; ; attempt++)
        {
            if (request.Admitted is { } admitted && admitted.Revision != (current?.Revision ?? 0))
            {
                current = certain ? current : await ReadAsync(write);
                certain = true;
                CheckAdmitted(key, request, current);
            }

            PlannedWrite? plan = null;
            var addition = TransactionAddition.None;
            try
            {
                plan = await plans.PlanAsync(write, current);
                if (plan.Action == PlannedAction.Nothing && !request.DryRun && await LiesStaleAsync(write, current))
                {
                    plan = plan with { Action = PlannedAction.Put };
                }

                if (plan.Action != PlannedAction.Nothing)
                {
                    addition = await parts.AddAsync(write, plan, current, races + 1);
                }
            }
            catch (ApiException) when (creates && plan is not null && request.Uid is not null)
            {
                // The parts refuse: perhaps because an earlier try, whose answer was lost, has taken what this one asks for.
                if (await ReadAsync(write) is not { } own || own.Header.Uid != request.Uid)
                {
                    throw;
                }

                return (Answers.Of(write, plan, own.Item), new HeldObject(own.Revision, own.Item));
            }
            catch (ApiException) when (!certain && !creates)
            {
                var actual = await ReadAsync(write);
                certain = true;
                if (actual?.Revision == current?.Revision)
                {
                    throw;
                }

                current = actual;
                write.ForgetWarnings();
                continue;
            }

            if (plan.Action == PlannedAction.Nothing || request.DryRun)
            {
                if (!certain)
                {
                    var actual = await ReadAsync(write);
                    certain = true;
                    if (creates && actual is not null)
                    {
                        throw ApiException.AlreadyExists(key.GroupResource, key.Name);
                    }

                    if (actual?.Revision != current?.Revision)
                    {
                        current = actual;
                        write.ForgetWarnings();
                        continue;
                    }
                }

                var unchanged = plan.Action == PlannedAction.Nothing && !request.DryRun;
                var answer = unchanged ? Answers.Of(write, plan, current!.Item) : Answers.OfUnstored(write, plan, current?.Revision ?? 0, 0);
                return (answer, current is null ? null : new HeldObject(current.Revision, current.Item));
            }

            var (done, standing, raced) = await CommitAsync(write, plan, addition, current);
            if (done is { } committed)
            {
                return committed;
            }

            if (raced)
            {
                if (++races == Races)
                {
                    throw ApiException.TooManyRequests($"{key.GroupResource} \"{key.Name}\" could not be written: too many others take from the same pool, please try again", 1);
                }

                (attempt, certain) = (attempt - 1, true);
                write.ForgetWarnings();
                continue;
            }

            if (creates && standing is not null)
            {
                if (standing.Header.Uid == request.Uid)
                {
                    // Our own, from a try whose answer was lost.
                    return (Answers.Of(write, plan, standing.Item), new HeldObject(standing.Revision, standing.Item));
                }

                throw ApiException.AlreadyExists(key.GroupResource, key.Name);
            }

            if (attempt == Attempts)
            {
                throw ApiException.StaleObject(key.GroupResource, key.Name);
            }

            (current, certain) = (standing, true);
            write.ForgetWarnings();
        }
    }

    /// <summary>Plans on what is stored and says what would come of it.</summary>
    public async Task<PreparedWrite> PrepareAsync(ObjectKey key, WriteRequest request, PrepareStage stage)
    {
        var write = new WriteOperation(key, request, registry, time.GetUtcNow()) { PreparesTo = stage };
        var creates = request.Verb == WriteVerb.Create && request.Subresource.Length == 0;
        var current = creates ? null : await ReadAsync(write);
        CheckAdmitted(key, request, current);
        try
        {
            await plans.PlanAsync(write, current);
        }
        catch (MutationReachedException reached)
        {
            return reached.Prepared;
        }
        catch (ApiException refused) when (write.AuditAnnotations.Count + write.AllWarnings.Count > 0)
        {
            throw refused.Noting(write.AuditAnnotations, write.AllWarnings);
        }

        return write.Prepared ?? throw new InvalidOperationException($"The plan of {request.Verb} {key} shows nothing to admission");
    }

    private static void CheckAdmitted(ObjectKey key, WriteRequest request, CurrentObject? current)
    {
        if (request.Admitted is { } admitted && admitted.Revision != (current?.Revision ?? 0))
        {
            throw new StalePreparationException(key.ToString());
        }
    }

    /// <summary>The newer of what the grain remembers and what the cache shows.</summary>
    private CurrentObject? Guess(WriteOperation write, HeldObject? held)
    {
        var item = held is not null && held.Revision > cache.Revision ? held.Item : cache.Get(write.Key);
        return item is null ? null : new CurrentObject(item, write.Definition.Versions[0].FromStorage);
    }

    /// <summary>What is stored lies there in a version, or under a key, in which nothing is stored any more: a write that changes nothing else changes that.</summary>
    private async Task<bool> LiesStaleAsync(WriteOperation write, CurrentObject? current) =>
        (current is not null && current.Header.ApiVersion != write.Definition.Versions[0].ApiVersion)
        || (store is IStaleValues stale && await stale.IsStaleAsync(write.Key.StoreKey, CancellationToken.None));

    private async Task<CurrentObject?> ReadAsync(WriteOperation write) => Of(write, await store.GetAsync(write.Key.StoreKey, CancellationToken.None));

    private static CurrentObject? Of(WriteOperation write, StoreValue? value) =>
        value is null ? null : new CurrentObject(StoredJson.Decode(write.Key, value.Value, value.Revision), write.Definition.Versions[0].FromStorage);

    /// <returns>What to answer; or what stands in the way; or that the object itself did not, and what the parts added is to be thought over.</returns>
    private async Task<((WriteResult, HeldObject)? Done, CurrentObject? Standing, bool Raced)> CommitAsync(
        WriteOperation write, PlannedWrite plan, TransactionAddition addition, CurrentObject? current)
    {
        var storeKey = write.Key.StoreKey;
        byte[]? stored = null;
        if (plan.Action == PlannedAction.Put)
        {
            MetadataRules.PutHeaderFirst(plan.Next, write);
            stored = StoredJson.Encode(plan.Next, plan.TraceParent, plan.TracedAt);
            Ownership.Release(plan.Next);
        }

        var compare = new StoreCompare(storeKey, current?.Revision ?? 0);
        var change = stored is null ? StoreWrite.Delete(storeKey) : StoreWrite.Put(storeKey, stored, write.Definition.TimeToLive);
        var fence = write.Request.Fence;
        StoreCompare[] compares = fence is null ? [compare] : [compare, new StoreCompare(fence.Key, fence.Revision)];
        var transaction = ReferenceEquals(addition, TransactionAddition.None)
            ? new StoreTransaction(compares, [change])
            : new StoreTransaction([.. compares, .. addition.Compares], [change, .. addition.Changes]);
        StoreCommit commit;
        try
        {
            commit = await store.CommitAsync(transaction, CancellationToken.None);
        }
        catch (StoreException unknown) when (unknown.Error == StoreError.OutcomeUnknown)
        {
            var (done, standing) = await ResolveAsync(write, plan, current, stored, unknown);
            return (done, standing, false);
        }

        if (commit.Succeeded)
        {
            return (Committed(write, plan, current, stored, commit.Revision), null, false);
        }

        if (fence is not null && (commit.Current[1]?.Revision ?? 0) != fence.Revision)
        {
            throw new FenceBrokenException(fence.Key);
        }

        return (commit.Current[0]?.Revision ?? 0) == compare.Revision ? (null, current, true) : (null, Of(write, commit.Current[0]), false);
    }

    /// <summary>The store does not know whether it committed: what it holds now tells, unless somebody else has written since.</summary>
    private async Task<((WriteResult, HeldObject)? Done, CurrentObject? Standing)> ResolveAsync(
        WriteOperation write, PlannedWrite plan, CurrentObject? current, byte[]? stored, StoreException unknown)
    {
        StoreValue? value;
        try
        {
            value = await store.GetAsync(write.Key.StoreKey, CancellationToken.None);
            if (stored is null ? value is null : value is not null && value.Value.Span.SequenceEqual(stored))
            {
                var revision = value?.Revision ?? await store.GetRevisionAsync(CancellationToken.None);
                return (Committed(write, plan, current, stored, revision), null);
            }
        }
        catch (StoreException unanswered) when (unanswered.IsTransient)
        {
            // Not that: who hears that the store was away tries again, and would be told that what he deleted is not there, or what he changed was changed by another.
            throw unknown;
        }

        return (value?.Revision ?? 0) == (current?.Revision ?? 0) ? (null, Of(write, value)) : throw unknown;
    }

    private (WriteResult, HeldObject) Committed(WriteOperation write, PlannedWrite plan, CurrentObject? current, byte[]? stored, long revision)
    {
        if (stored is null)
        {
            return (Answers.OfUnstored(write, plan, current!.Revision, revision), new HeldObject(revision, null));
        }

        var item = cache.Committed(write.Key, stored, revision);
        return (Answers.Of(write, plan, item), new HeldObject(revision, item));
    }
}

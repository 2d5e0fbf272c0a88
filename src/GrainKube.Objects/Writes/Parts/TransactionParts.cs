using GrainKube.Objects.Store;

namespace GrainKube.Objects.Writes.Parts;

/// <summary>Asks all parts.</summary>
internal sealed class TransactionParts(IEnumerable<ITransactionPart> parts)
{
    private readonly ITransactionPart[] parts = [.. parts];

    public async ValueTask<TransactionAddition> AddAsync(WriteOperation write, PlannedWrite plan, CurrentObject? current, int attempt)
    {
        if (parts.Length == 0)
        {
            return TransactionAddition.None;
        }

        var commit = new CommitRequest
        {
            Verb = write.Request.Verb,
            Resource = write.Definition,
            Key = write.Key,
            Subresource = write.Request.Subresource,
            User = write.Request.User,
            Now = write.Scope.Now,
            DryRun = write.Request.DryRun,
            Next = plan.Action == PlannedAction.Remove ? null : plan.Next,
            Current = current?.Node,
            Attempt = attempt,
        };
        List<StoreCompare>? compares = null;
        List<StoreWrite>? changes = null;
        foreach (var part in parts)
        {
            if (part.Handles(commit))
            {
                var addition = await part.AddAsync(commit);
                (compares ??= []).AddRange(addition.Compares);
                (changes ??= []).AddRange(addition.Changes);
            }
        }

        return compares is null ? TransactionAddition.None : new TransactionAddition(compares, changes!);
    }
}

using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Writes.Parts;

/// <summary>
/// Has a say in the transaction that commits a write: further compares, and puts and deletes of other keys, which happen with the write or not at all. What must be unique or exact
/// (an address, a quota) rests on that compare and on nothing in memory.
/// </summary>
/// <remarks>
/// Registered in the container; asked in the write's turn, after admission, strategy and validation, right before the commit. Where the commit fails although the object itself is
/// unchanged, everything is planned and asked again with <see cref="CommitRequest.Attempt"/> raised. Nothing in here may write to an object, or call its grain.
/// </remarks>
public interface ITransactionPart
{
    /// <summary>True where this part wants to be asked. Must be cheap: it is called for every write.</summary>
    bool Handles(CommitRequest commit);

    /// <summary>What to commit with the write. May fill fields of <see cref="CommitRequest.Next"/> (an address that was allocated).</summary>
    /// <exception cref="ApiException">The write is refused. Say so only on what the store holds now, not on a picture of it.</exception>
    ValueTask<TransactionAddition> AddAsync(CommitRequest commit);
}

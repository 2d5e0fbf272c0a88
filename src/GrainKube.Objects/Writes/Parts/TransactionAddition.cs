using GrainKube.Objects.Store;

namespace GrainKube.Objects.Writes.Parts;

/// <summary>What an <see cref="ITransactionPart"/> adds to a transaction.</summary>
/// <param name="Compares">Conditions on other keys.</param>
/// <param name="Changes">Puts and deletes of other keys; each key is changed at most once in a transaction.</param>
public sealed record TransactionAddition(IReadOnlyList<StoreCompare> Compares, IReadOnlyList<StoreWrite> Changes)
{
    public static TransactionAddition None { get; } = new([], []);
}

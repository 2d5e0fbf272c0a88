using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>A transaction on its way through the writer.</summary>
internal sealed class PendingCommit(StoreTransaction transaction) : TaskCompletionSource<StoreCommit>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public StoreTransaction Transaction { get; } = transaction;

    /// <summary>The answer, given when the group is durable.</summary>
    public StoreCommit Answer { get; set; } = null!;
}

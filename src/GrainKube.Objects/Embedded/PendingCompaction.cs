namespace GrainKube.Objects.Embedded;

/// <summary>A wish to forget history up to a revision.</summary>
internal sealed class PendingCompaction(long revision) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Revision { get; } = revision;
}

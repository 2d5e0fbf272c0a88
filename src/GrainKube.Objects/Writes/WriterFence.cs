namespace GrainKube.Objects.Writes;

/// <summary>
/// An epoch: the write commits only while this key of the store still has this revision, so that a reconciler's twin or predecessor can do no harm.
/// </summary>
/// <param name="Key">A key of the store.</param>
/// <param name="Revision">Its revision when the epoch was taken.</param>
[GenerateSerializer, Immutable]
[Alias("GrainKube.WriterFence")]
public sealed record WriterFence([property: Id(0)] string Key, [property: Id(1)] long Revision);

namespace GrainKube.Objects.Cache;

/// <summary>A reader of one kind's log of changes. Many readers share the log and the encoded events.</summary>
public sealed class KindWatch
{
    /// <summary>Everything up to this revision has been read, or concerned other kinds: what a bookmark may say.</summary>
    public long Revision => throw new NotImplementedException();

    /// <summary>The next changes; waits while there are none.</summary>
    /// <exception cref="GrainKube.ApiMachinery.Errors.ApiException">410 Expired where the reader was too slow and the log has moved on.</exception>
    public ValueTask<IReadOnlyList<ObjectChange>> NextAsync(CancellationToken cancel) => throw new NotImplementedException();
}

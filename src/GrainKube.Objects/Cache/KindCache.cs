using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>All objects of one kind, with their recent history.</summary>
public sealed class KindCache
{
    public ResourceDefinition Definition => throw new NotImplementedException();

    /// <summary>The newest picture; immutable, ordered by namespace and name.</summary>
    public KindSnapshot Snapshot => throw new NotImplementedException();

    /// <summary>A picture at exactly <paramref name="revision"/>, or null where it is not among the recent ones.</summary>
    public KindSnapshot? At(long revision) => throw new NotImplementedException();

    public KubeObject? Get(string ns, string name) => throw new NotImplementedException();

    /// <summary>The object with that uid, or null.</summary>
    public KubeObject? ByUid(string uid) => throw new NotImplementedException();

    /// <summary>Objects of this kind that name <paramref name="uid"/> among their owners.</summary>
    public IReadOnlyList<KubeObject> OwnedBy(string uid) => throw new NotImplementedException();

    /// <summary>Objects whose selectable field (of <see cref="ResourceDefinition.SelectableFields"/>) has that value. Indexed for the fields that are registered as indexes, a scan for others.</summary>
    public IReadOnlyList<KubeObject> WithField(string field, string value) => throw new NotImplementedException();

    /// <summary>
    /// Calls <paramref name="onChange"/> for every change from now on, in order, on the cache's own task: it must be quick and must not throw. Dispose to stop.
    /// </summary>
    public IDisposable Subscribe(Action<ObjectChange> onChange) => throw new NotImplementedException();

    /// <summary>A position in the log of changes after <paramref name="afterRevision"/>, to be read at the reader's own pace.</summary>
    /// <exception cref="ApiException">410 Expired where the revision is older than the window.</exception>
    public KindWatch Watch(long afterRevision) => throw new NotImplementedException();
}

using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>An immutable picture of all objects of a kind at one revision.</summary>
public sealed class KindSnapshot
{
    /// <summary>Every change of the store up to this revision is in the picture.</summary>
    public long Revision => throw new NotImplementedException();

    public int Count => throw new NotImplementedException();

    /// <summary>All objects, ordered by namespace and name (ordinal).</summary>
    public IEnumerable<KubeObject> All => throw new NotImplementedException();

    /// <summary>The objects of one namespace, ordered by name; all where <paramref name="ns"/> is empty.</summary>
    public IEnumerable<KubeObject> In(string ns) => throw new NotImplementedException();

    /// <summary>Objects strictly after (ns, name) in order, bounded to namespace <paramref name="within"/> where that is not empty.</summary>
    public IEnumerable<KubeObject> After(string ns, string name, string within) => throw new NotImplementedException();
}

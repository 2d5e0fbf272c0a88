using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>An immutable picture of all objects of a kind at one revision. The order is that of the store's keys.</summary>
public sealed class KindSnapshot
{
    internal KindSnapshot(ObjectTree tree, long revision) => (Tree, Revision) = (tree, revision);

    /// <summary>Every change of the store up to this revision is in the picture.</summary>
    public long Revision { get; }

    public int Count => Tree.Count;

    /// <summary>All objects, ordered by namespace and name (ordinal).</summary>
    public IEnumerable<KubeObject> All => Tree.All();

    internal ObjectTree Tree { get; }

    public KubeObject? Get(string ns, string name) => Tree.Find(ns, name);

    /// <summary>The objects of one namespace, ordered by name; all where <paramref name="ns"/> is empty.</summary>
    public IEnumerable<KubeObject> In(string ns) => Tree.In(ns);

    /// <summary>Objects strictly after (ns, name) in order, bounded to namespace <paramref name="within"/> where that is not empty.</summary>
    public IEnumerable<KubeObject> After(string ns, string name, string within) => Tree.After(ns, name, within);
}

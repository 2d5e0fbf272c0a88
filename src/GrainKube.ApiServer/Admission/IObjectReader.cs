using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission;

/// <summary>What admission, authentication and access reviews read of the cluster's state.</summary>
public interface IObjectReader
{
    /// <summary>The object as this silo knows it, or null.</summary>
    KubeObject? Get(ObjectKey key);

    /// <summary>The object; before it says null it makes sure that this silo is not merely behind.</summary>
    ValueTask<KubeObject?> FindAsync(ObjectKey key, CancellationToken cancel);

    /// <summary>Objects of a kind, as this silo knows them, that have a value in a selectable field.</summary>
    IEnumerable<KubeObject> With(GroupResource resource, string field, string value);

    /// <summary>All objects of a kind as this silo knows them, in one namespace or (empty) in all; none where the kind is not served.</summary>
    IEnumerable<KubeObject> All(GroupResource resource, string ns = "");
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Kubelet.Cluster;

/// <summary>
/// What a kubelet sees of the cluster and how it writes to it. On a server it is the silo's cache; an agent without a store will have a stream in its place.
/// </summary>
internal interface INodeView
{
    /// <summary>Completes when every write acknowledged before this call can be read.</summary>
    Task WaitUntilCurrentAsync(CancellationToken cancel);

    KubeObject? Get(ObjectKey key);

    /// <summary>Completes with the object once it is there and as wanted.</summary>
    Task<KubeObject> WaitForAsync(ObjectKey key, Predicate<KubeObject> wanted, CancellationToken cancel);

    /// <summary>The pods bound to this node.</summary>
    IEnumerable<KubeObject> Pods();

    /// <summary>All services of a namespace.</summary>
    IEnumerable<KubeObject> Services(string ns);

    /// <summary>All bundles of trust anchors.</summary>
    IEnumerable<KubeObject> TrustBundles();

    /// <summary>
    /// Calls <paramref name="onPod"/> with the newest version of a pod of this node that changed (the last one there was for a deletion) and <paramref name="onSource"/> with the key
    /// of a ConfigMap, Secret, claim or trust bundle that changed. Both must be quick and must not throw.
    /// </summary>
    IDisposable Subscribe(Action<KubeObject> onPod, Action<ObjectKey> onSource);

    Task<KubeObject> CreateAsync(JsonObject item, CancellationToken cancel);

    /// <summary>A merge patch.</summary>
    Task<KubeObject> PatchAsync(ObjectKey key, JsonObject patch, string subresource, Preconditions? preconditions, CancellationToken cancel);

    /// <summary>Deletes; gone already is no error.</summary>
    /// <param name="key">What.</param>
    /// <param name="uid">The very object.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <param name="graceful">With the object's own grace instead of none.</param>
    Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancel, bool graceful = false);

    /// <summary>Records an event; never blocks, never fails.</summary>
    void Record(KubeObject about, string type, string reason, string message, string fieldPath = "");
}

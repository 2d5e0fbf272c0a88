using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Reconciliation.Events;

namespace GrainKube.Kubelet.Cluster;

/// <summary>A server's node view: this silo's cache, and object grains for writes.</summary>
internal sealed class ObjectNodeView(string node, ObjectClient objects, NodeDispatch dispatch, EventRecorder events, bool watchSources) : INodeView
{
    public Task WaitUntilCurrentAsync(CancellationToken cancel) => objects.Cache.WaitUntilCurrentAsync(cancel);

    public KubeObject? Get(ObjectKey key) => objects.Get(key);

    public async Task<KubeObject> WaitForAsync(ObjectKey key, Predicate<KubeObject> wanted, CancellationToken cancel)
    {
        var seen = new TaskCompletionSource<KubeObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = objects.Cache.Kind(key.GroupResource).Subscribe(change =>
        {
            if (change.After is { } after && after.Key == key && wanted(after))
            {
                seen.TrySetResult(after);
            }
        });
        return Get(key) is { } now && wanted(now) ? now : await seen.Task.WaitAsync(cancel);
    }

    public IEnumerable<KubeObject> Pods() => objects.Cache.Kind(Keys.Pods).WithField("spec.nodeName", node);

    public IEnumerable<KubeObject> Services(string ns) => objects.Cache.Kind(Keys.Services).Snapshot.In(ns);

    public IEnumerable<KubeObject> TrustBundles() => objects.Cache.Kind(Keys.TrustBundles).Snapshot.All;

    public IDisposable Subscribe(Action<KubeObject> onPod, Action<ObjectKey> onSource) => dispatch.Subscribe(node, onPod, watchSources ? onSource : null);

    public Task<KubeObject> CreateAsync(JsonObject item, CancellationToken cancel) => objects.CreateAsync(item, cancel);

    public Task<KubeObject> PatchAsync(ObjectKey key, JsonObject patch, string subresource, Preconditions? preconditions, CancellationToken cancel) =>
        objects.PatchAsync(key, patch, subresource, preconditions, cancel);

    public Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancel, bool graceful = false) =>
        objects.DeleteAsync(key, new Preconditions(uid), cancel, gracePeriodSeconds: graceful ? null : 0);

    public void Record(KubeObject about, string type, string reason, string message, string fieldPath = "") =>
        events.Record(about, type, reason, message, fieldPath);
}

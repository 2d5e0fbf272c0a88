using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Cluster;
using GrainKube.Objects.Writes;

namespace GrainKube.Kubelet.Tests.Cluster;

/// <summary>A node view without a cluster: objects in memory, merge patches, and the changes told to whoever subscribed.</summary>
internal sealed class MemoryNodeView(string node) : INodeView
{
    private readonly ConcurrentDictionary<ObjectKey, KubeObject> objects = new();
    private readonly Lock gate = new();
    private readonly List<(Action<KubeObject> OnPod, Action<ObjectKey> OnSource)> subscribers = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long revision;

    public ConcurrentQueue<(string Type, string Reason, string Message, string FieldPath)> Events { get; } = new();

    /// <summary>How many writes each object has seen.</summary>
    public ConcurrentDictionary<ObjectKey, int> Writes { get; } = new();

    public Task WaitUntilCurrentAsync(CancellationToken cancel) => Task.CompletedTask;

    public KubeObject? Get(ObjectKey key) => objects.GetValueOrDefault(key);

    public async Task<KubeObject> WaitForAsync(ObjectKey key, Predicate<KubeObject> wanted, CancellationToken cancel)
    {
        while (true)
        {
            var next = changed.Task;
            if (Get(key) is { } item && wanted(item))
            {
                return item;
            }

            await next.WaitAsync(cancel);
        }
    }

    public IEnumerable<KubeObject> Pods() => objects.Values.Where(o => o.Key.Resource == "pods" && IsOurs(o));

    public IEnumerable<KubeObject> Services(string ns) => objects.Values.Where(o => o.Key.Resource == "services" && o.Key.Namespace == ns);

    public IEnumerable<KubeObject> TrustBundles() => objects.Values.Where(o => o.Key.Resource == "clustertrustbundles");

    public IDisposable Subscribe(Action<KubeObject> onPod, Action<ObjectKey> onSource)
    {
        lock (gate)
        {
            subscribers.Add((onPod, onSource));
        }

        return new Unsubscribe(() =>
        {
            lock (gate)
            {
                subscribers.Remove((onPod, onSource));
            }
        });
    }

    public Task<KubeObject> CreateAsync(JsonObject item, CancellationToken cancel)
    {
        var metadata = item["metadata"]!.AsObject();
        metadata["name"] ??= (string?)metadata["generateName"] + Guid.NewGuid().ToString("N")[..5];
        return Task.FromResult(Put(item));
    }

    /// <summary>All objects of a resource.</summary>
    public IEnumerable<KubeObject> All(string resource) => objects.Values.Where(o => o.Key.Resource == resource);

    public Task<KubeObject> PatchAsync(ObjectKey key, JsonObject patch, string subresource, Preconditions? preconditions, CancellationToken cancel)
    {
        lock (gate)
        {
            var current = Get(key) ?? throw ApiException.NotFound(key.GroupResource, key.Name);
            if ((preconditions?.Uid is { } uid && uid != current.Header.Uid) || (preconditions?.Revision is { } wanted && wanted != current.Revision))
            {
                throw ApiException.StaleObject(key.GroupResource, key.Name);
            }

            var next = current.ToNode();
            Merge(next, patch);
            return Task.FromResult(Put(next));
        }
    }

    public Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancel, bool graceful = false)
    {
        if (Get(key) is { } current && current.Header.Uid == uid && objects.TryRemove(key, out var removed))
        {
            Tell(removed);
        }

        return Task.CompletedTask;
    }

    public void Record(KubeObject about, string type, string reason, string message, string fieldPath = "") => Events.Enqueue((type, reason, message, fieldPath));

    /// <summary>Puts an object, as any client may.</summary>
    public KubeObject Put(JsonObject item)
    {
        KubeObject made;
        lock (gate)
        {
            var metadata = item["metadata"]!.AsObject();
            var number = ++revision;
            metadata["resourceVersion"] = number.ToString(CultureInfo.InvariantCulture);
            metadata["uid"] ??= Guid.NewGuid().ToString();
            metadata["generation"] ??= 1;
            made = Wrap(item, number);
            objects[made.Key] = made;
            Writes.AddOrUpdate(made.Key, 1, static (_, count) => count + 1);
        }

        Tell(made);
        return made;
    }

    private static KubeObject Wrap(JsonObject item, long number)
    {
        var metadata = item["metadata"]!.AsObject();
        var kind = item["kind"]!.GetValue<string>();
        var api = item["apiVersion"]!.GetValue<string>();
        var slash = api.IndexOf('/', StringComparison.Ordinal);
        var key = new ObjectKey(
            slash < 0 ? "" : api[..slash], kind.ToLowerInvariant() + "s", metadata["namespace"]?.GetValue<string>() ?? "", metadata["name"]!.GetValue<string>());
        var header = new ObjectHeader
        {
            ApiVersion = api,
            Kind = kind,
            Name = key.Name,
            Namespace = key.Namespace,
            Uid = metadata["uid"]!.GetValue<string>(),
            Revision = number,
            Generation = metadata["generation"]!.GetValue<int>(),
            Labels = (metadata["labels"] as JsonObject ?? []).ToDictionary(l => l.Key, l => l.Value!.GetValue<string>()),
            Owners = [.. (metadata["ownerReferences"] as JsonArray ?? []).Select(o => new OwnerReference("v1", (string)o!["kind"]!, (string)o["name"]!, (string)o["uid"]!, Controller: true, BlockOwnerDeletion: false))],
            DeletionTimestamp = metadata["deletionTimestamp"] is { } deleted ? DateTimeOffset.Parse(deleted.GetValue<string>(), CultureInfo.InvariantCulture) : null,
            DeletionGracePeriodSeconds = metadata["deletionGracePeriodSeconds"]?.GetValue<int>(),
        };
        return new KubeObject(key, header, Encoding.UTF8.GetBytes(item.ToJsonString()));
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                var into = target[name] as JsonObject ?? [];
                if (into.Parent is null)
                {
                    target[name] = into;
                }

                Merge(into, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private bool IsOurs(KubeObject pod) => pod.ToNode()["spec"]?["nodeName"]?.GetValue<string>() == node;

    private void Tell(KubeObject item)
    {
        Interlocked.Exchange(ref changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        (Action<KubeObject> OnPod, Action<ObjectKey> OnSource)[] all;
        lock (gate)
        {
            all = [.. subscribers];
        }

        foreach (var (onPod, onSource) in all)
        {
            if (item.Key.Resource is "configmaps" or "secrets" or "clustertrustbundles")
            {
                onSource(item.Key);
            }
            else if (item.Key.Resource == "pods" && IsOurs(item))
            {
                onPod(item);
            }
        }
    }

    private sealed class Unsubscribe(Action act) : IDisposable
    {
        public void Dispose() => act();
    }
}

using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Security.Rbac;

namespace GrainKube.ApiServer.Authorization;

/// <summary>Keeps the RBAC index up from this silo's watch cache. Start it when the cache is loaded and before requests are served.</summary>
public sealed class RbacFeed(WatchCache cache, RbacIndex index) : IDisposable
{
    private static readonly GroupResource[] Kinds =
        [RoleReference.ClusterRoles, RoleReference.Roles, RoleReference.ClusterRoleBindings, RoleReference.RoleBindings];

    private readonly Lock gate = new();
    private readonly List<IDisposable> subscriptions = [];
    private HashSet<ObjectKey>? seen = [];

    /// <summary>Takes in all that is there and follows from then on. A second call does nothing.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (subscriptions.Count > 0)
            {
                return;
            }
        }

        foreach (var resource in Kinds)
        {
            var kind = cache.Kind(resource);
            subscriptions.Add(kind.Subscribe(Take));
            foreach (var item in kind.Snapshot.All)
            {
                Load(item);
            }
        }

        lock (gate)
        {
            seen = null;
        }
    }

    public void Dispose()
    {
        foreach (var subscription in subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Take(ObjectChange change)
    {
        lock (gate)
        {
            // While the first picture is being read, a change of the same object may be newer than the picture.
            seen?.Add(change.Subject.Key);
            if (change.After is { } item)
            {
                index.Put(item);
            }
            else
            {
                index.Remove(change.Subject.Key);
            }
        }
    }

    private void Load(KubeObject item)
    {
        lock (gate)
        {
            if (!seen!.Contains(item.Key))
            {
                index.Put(item);
            }
        }
    }
}

using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Cache;

/// <summary>How the cache gets its first picture, a new one after history was compacted, and the objects of kinds that are registered late.</summary>
public sealed partial class WatchCache
{
    /// <summary>Lists everything at one revision: makes the caches the first time, and later shows what changed meanwhile as changes.</summary>
    private async Task LoadAsync(CancellationToken cancel)
    {
        var served = registry.All.Where(d => d.IsStored).ToArray();
        var found = served.ToDictionary(d => d.GroupResource, _ => new List<StoreValue>());
        var revision = await ListAsync(Objects, cancel, value =>
        {
            if (registry.TryParseStoreKey(value.Key, out var definition, out _) && found.TryGetValue(definition.GroupResource, out var list))
            {
                list.Add(value);
            }
        });

        if (position.Revision == 0)
        {
            kinds = served.ToDictionary(d => d.GroupResource, d => NewKind(d, found[d.GroupResource], revision));
        }
        else
        {
            TakeDifferences(found, revision);
        }

        position.MoveTo(revision);
        Wake(kinds.Values);
    }

    private async Task LoadChangedKindsAsync(CancellationToken cancel)
    {
        var next = new Dictionary<GroupResource, KindCache>(kinds);
        var fresh = new List<KindCache>();
        foreach (var definition in registry.All.Where(d => d.IsStored))
        {
            if (next.TryGetValue(definition.GroupResource, out var known))
            {
                known.Definition = definition;
                continue;
            }

            var values = new List<StoreValue>();
            var revision = await ListAsync(definition.GroupResource.StorePrefix, cancel, values.Add);
            var made = NewKind(definition, values, revision);
            next[definition.GroupResource] = made;
            fresh.Add(made);
        }

        var gone = next.Values.Where(k => !registry.TryFind(k.Definition.GroupResource, out _)).ToArray();
        foreach (var kind in gone)
        {
            next.Remove(kind.Definition.GroupResource);
        }

        kinds = next;
        foreach (var kind in gone)
        {
            kind.Close();
        }

        foreach (var kind in fresh)
        {
            KindLoaded?.Invoke(kind);
        }

        Interlocked.Exchange(ref kindsChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    private KindCache NewKind(ResourceDefinition definition, List<StoreValue> values, long revision)
    {
        var items = new List<KubeObject>(values.Count);
        var unreadable = new Dictionary<ObjectKey, string>();
        foreach (var value in values)
        {
            if (!registry.TryParseStoreKey(value.Key, out var owner, out var key) || owner.GroupResource != definition.GroupResource)
            {
                continue;
            }

            var (item, damage) = Decode(key, value.Value, value.Revision, value.Damage);
            if (item is null)
            {
                unreadable[key] = damage!;
            }
            else
            {
                items.Add(item);
            }
        }

        var kind = new KindCache(definition, position, items, revision);
        foreach (var (key, damage) in unreadable)
        {
            kind.SetUnreadable(key, damage);
        }

        return kind;
    }

    private async Task<long> ListAsync(string prefix, CancellationToken cancel, Action<StoreValue> onValue)
    {
        var options = new StoreListOptions { Limit = PageSize };
        while (true)
        {
            var page = await store.ListAsync(prefix, options, cancel);
            foreach (var value in page.Items)
            {
                onValue(value);
            }

            if (!page.HasMore)
            {
                return page.Revision;
            }

            options = options with { Revision = page.Revision, After = page.Items[^1].Key };
        }
    }

    /// <summary>Shows the difference between what the cache holds and a new list as changes in order of their revisions; what happened in between is lost, the outcome is not.</summary>
    private void TakeDifferences(Dictionary<GroupResource, List<StoreValue>> found, long revision)
    {
        var changes = new List<(KindCache Kind, ObjectKey Key, KubeObject? After, long Revision)>();
        foreach (var (resource, values) in found)
        {
            if (!kinds.TryGetValue(resource, out var kind))
            {
                continue; // registered just now; its own load follows
            }

            var present = new HashSet<ObjectKey>();
            foreach (var value in values)
            {
                if (!registry.TryParseStoreKey(value.Key, out _, out var key))
                {
                    continue;
                }

                present.Add(key);
                var (item, damage) = Decode(key, value.Value, value.Revision, value.Damage);
                kind.SetUnreadable(key, damage);
                if (item is null)
                {
                    continue;
                }

                if (kind.Get(key.Namespace, key.Name) is { } old && old.Revision < value.CreateRevision)
                {
                    changes.Add((kind, key, null, value.CreateRevision - 1)); // another object of the same name: the old one's end is news too
                }

                changes.Add((kind, key, item, value.Revision));
            }

            foreach (var gone in kind.Unreadable.Where(key => !present.Contains(key)))
            {
                kind.SetUnreadable(gone, null);
            }

            changes.AddRange(kind.Snapshot.All.Where(o => !present.Contains(o.Key)).Select(o => (kind, o.Key, (KubeObject?)null, revision)));
        }

        changes.Sort((a, b) => a.Revision.CompareTo(b.Revision));
        for (var i = 0; i < changes.Count; i++)
        {
            var (kind, key, after, at) = changes[i];
            kind.Stage(key, after, at);
            touched.Add(kind);
            if (i + 1 == changes.Count || changes[i + 1].Revision != at)
            {
                Publish();
            }
        }
    }
}

using System.Collections.Immutable;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Cache;

/// <summary>All objects of one kind, with their recent history.</summary>
public sealed class KindCache
{
    private readonly CachePosition position;
    private readonly KindHistory history;
    private readonly KindIndexes indexes = new();
    private readonly Lock subscriptions = new();
    private readonly List<ObjectChange> staged = [];
    private volatile KindSnapshot published;
    private volatile Action<ObjectChange>[] subscribers = [];
    private volatile ResourceDefinition definition;
    private volatile ImmutableDictionary<ObjectKey, string> unreadable = ImmutableDictionary<ObjectKey, string>.Empty;
    private TaskCompletionSource? changed;
    private ObjectTree working;

    internal KindCache(ResourceDefinition definition, CachePosition position, List<KubeObject> sorted, long revision)
    {
        (this.definition, this.position, LoadedAt) = (definition, position, revision);
        working = ObjectTree.FromSorted(sorted);
        published = new KindSnapshot(working, revision);
        history = new KindHistory(revision);
        history.Keep(published);
        foreach (var item in sorted)
        {
            indexes.Replace(null, item);
        }
    }

    public ResourceDefinition Definition { get => definition; internal set => definition = value; }

    /// <summary>The newest picture; immutable, ordered by namespace and name.</summary>
    public KindSnapshot Snapshot
    {
        get
        {
            // In this order: what was reached before the picture was taken is in the picture.
            var reached = position.Revision;
            var newest = published;
            return newest.Revision >= reached ? newest : new KindSnapshot(newest.Tree, reached);
        }
    }

    internal KindHistory History => history;

    /// <summary>Changes up to this revision were part of the first load.</summary>
    internal long LoadedAt { get; }

    internal bool IsClosed { get; private set; }

    /// <summary>What lies in the store and cannot be read.</summary>
    internal IEnumerable<ObjectKey> Unreadable => unreadable.Keys;

    /// <summary>Changes were published for which nobody was woken yet. On the cache's own task.</summary>
    internal bool HasNews { get; set; }

    internal CachePosition Position => position;

    /// <summary>Completes at the next change. Take it before looking.</summary>
    public Task Changed
    {
        get
        {
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref changed, made, null) ?? made).Task;
        }
    }

    /// <summary>A picture at exactly <paramref name="revision"/>, or null where it is not among the recent ones.</summary>
    public KindSnapshot? At(long revision)
    {
        var newest = Snapshot;
        if (revision > newest.Revision)
        {
            return null;
        }

        return history.TreeAt(revision) is { } tree ? new KindSnapshot(tree, revision) : null;
    }

    /// <summary>Keeps a picture for some minutes although many changes may follow: a list that was cut by a limit will be continued from it.</summary>
    public void Pin(KindSnapshot snapshot) => history.Pin(snapshot, position.Now);

    public KubeObject? Get(string ns, string name) => published.Tree.Find(ns, name);

    /// <summary>The objects of one namespace as they are now, ordered by name; all where <paramref name="ns"/> is empty.</summary>
    public IEnumerable<KubeObject> In(string ns) => published.Tree.In(ns);

    /// <summary>Whether something lies in the store that cannot be read: of it, only what was known before can be said.</summary>
    /// <param name="ns">A namespace; empty for all, and for objects without one.</param>
    /// <param name="name">One object; empty for all.</param>
    /// <returns>Why it cannot be read, of the first; or null.</returns>
    public string? DamageIn(string ns, string name)
    {
        var damaged = unreadable;
        if (damaged.IsEmpty)
        {
            return null; // what every read meets
        }

        foreach (var (key, damage) in damaged)
        {
            if ((ns.Length == 0 || key.Namespace == ns) && (name.Length == 0 || key.Name == name))
            {
                return damage;
            }
        }

        return null;
    }

    /// <inheritdoc cref="DamageIn"/>
    /// <exception cref="StoreException"><see cref="StoreError.Unreadable"/>.</exception>
    public void ThrowIfUnreadable(string ns, string name)
    {
        if (DamageIn(ns, name) is { } damage)
        {
            throw new StoreException(StoreError.Unreadable, damage);
        }
    }

    /// <summary>The object with that uid, or null.</summary>
    public KubeObject? ByUid(string uid) => indexes.ByUid(uid);

    /// <summary>Objects of this kind that name <paramref name="uid"/> among their owners.</summary>
    public IReadOnlyList<KubeObject> OwnedBy(string uid) => indexes.OwnedBy(uid);

    /// <summary>Objects whose selectable field (of <see cref="ResourceDefinition.SelectableFields"/>) has that value, from an index that is made at the first question.</summary>
    /// <exception cref="ArgumentException">The kind has no such selectable field.</exception>
    public IReadOnlyList<KubeObject> WithField(string field, string value) => definition.SelectableFields.TryGetValue(field, out var read)
        ? indexes.WithField(field, read, value, () => published.Tree)
        : throw new ArgumentException($"{definition.GroupResource} has no selectable field {field}", nameof(field));

    /// <summary>Objects of a namespace (empty: of all) that carry a label, from an index that is made when the label is first asked for and kept from then on.</summary>
    public IReadOnlyList<KubeObject> WithLabel(string label, string value, string ns) => indexes.WithLabel(label, value, ns, () => published.Tree);

    /// <summary>
    /// Calls <paramref name="onChange"/> for every change from now on, in order, on the cache's own task: it must be quick and must not throw. Dispose to stop.
    /// </summary>
    public IDisposable Subscribe(Action<ObjectChange> onChange)
    {
        lock (subscriptions)
        {
            subscribers = [.. subscribers, onChange];
        }

        return new Subscription(this, onChange);
    }

    /// <summary>A position in the log of changes after <paramref name="afterRevision"/>, to be read at the reader's own pace.</summary>
    /// <exception cref="ApiException">410 Expired where the revision is older than the window.</exception>
    public KindWatch Watch(long afterRevision) => new(this, history.After(afterRevision), afterRevision);

    /// <summary>Notes that an object cannot be read, or (with null) that it can or is gone. On the cache's own task.</summary>
    internal void SetUnreadable(ObjectKey key, string? damage)
    {
        if (damage is not null || !unreadable.IsEmpty)
        {
            unreadable = damage is null ? unreadable.Remove(key) : unreadable.SetItem(key, damage);
        }
    }

    /// <summary>Takes in one change; seen by nobody before <see cref="Publish"/>. On the cache's own task.</summary>
    internal void Stage(ObjectKey key, KubeObject? after, long revision)
    {
        var before = working.Find(key.Namespace, key.Name);
        if (revision <= LoadedAt || (before is null && after is null) || before?.Revision >= revision)
        {
            return;
        }

        working = after is null ? working.Remove(key.Namespace, key.Name) : working.Put(after);
        staged.Add(new ObjectChange(before, after, revision) { TakenAt = position.Now });
    }

    /// <summary>Shows the staged changes, all of one revision. On the cache's own task.</summary>
    internal void Publish()
    {
        if (staged.Count == 0)
        {
            return;
        }

        var picture = new KindSnapshot(working, staged[^1].Revision);
        lock (indexes.Gate)
        {
            published = picture;
            indexes.Take(staged);
        }

        history.Append(staged, picture);
    }

    /// <summary>Tells the subscribers of what was just published. On the cache's own task.</summary>
    internal void Tell(Action<Exception> onFailure)
    {
        foreach (var subscriber in subscribers)
        {
            foreach (var change in staged)
            {
                try
                {
                    subscriber(change);
                }
                catch (Exception failure)
                {
                    onFailure(failure); // one faulty subscriber must not stop the silo's view of the world; it is logged as an error
                }
            }
        }

        staged.Clear();
    }

    /// <summary>Wakes the readers, once for a batch.</summary>
    internal void Pulse() => Interlocked.Exchange(ref changed, null)?.SetResult();

    /// <summary>Ends all watches: the kind is no longer served.</summary>
    internal void Close()
    {
        IsClosed = true;
        Pulse();
    }

    private sealed class Subscription(KindCache kind, Action<ObjectChange> onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (kind.subscriptions)
            {
                kind.subscribers = [.. kind.subscribers.Where(s => !ReferenceEquals(s, onChange))];
            }
        }
    }
}

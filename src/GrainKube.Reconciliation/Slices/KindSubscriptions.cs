using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Reconciliation.Slices;

/// <summary>Follows every kind that a wiring picks, with those that are registered while it runs.</summary>
internal sealed class KindSubscriptions : IDisposable
{
    private readonly WatchCache cache;
    private readonly IReadOnlyList<(Func<ResourceDefinition, bool> Kinds, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> wanted;
    private readonly Action<IEnumerable<ObjectKey>> wake;
    private readonly Lock gate = new();
    private readonly Dictionary<KindCache, List<IDisposable>> followed = [];
    private bool disposed;

    public KindSubscriptions(
        WatchCache cache, IReadOnlyList<(Func<ResourceDefinition, bool> Kinds, Func<ObjectChange, IEnumerable<ObjectKey>> Keys)> wanted, Action<IEnumerable<ObjectKey>> wake)
    {
        (this.cache, this.wanted, this.wake) = (cache, wanted, wake);
        cache.KindLoaded += OnLoaded;
        foreach (var kind in cache.Kinds)
        {
            Follow(kind);
        }
    }

    public void Dispose()
    {
        cache.KindLoaded -= OnLoaded;
        lock (gate)
        {
            disposed = true;
            foreach (var subscription in followed.Values.SelectMany(s => s))
            {
                subscription.Dispose();
            }
        }
    }

    private void OnLoaded(KindCache kind)
    {
        if (!Follow(kind))
        {
            return;
        }

        foreach (var (kinds, keys) in wanted)
        {
            if (kinds(kind.Definition))
            {
                foreach (var item in kind.Snapshot.All)
                {
                    wake(keys(new ObjectChange(null, item, item.Revision)));
                }
            }
        }
    }

    private bool Follow(KindCache kind)
    {
        lock (gate)
        {
            if (disposed || followed.ContainsKey(kind))
            {
                return false;
            }

            foreach (var gone in followed.Keys.Where(k => !ReferenceEquals(cache.TryKind(k.Definition.GroupResource), k)).ToList())
            {
                followed.Remove(gone); // its kind is no longer served: nothing comes any more
            }

            followed[kind] = [.. wanted.Where(w => w.Kinds(kind.Definition)).Select(w => kind.Subscribe(change => wake(w.Keys(change))))];
            return true;
        }
    }
}

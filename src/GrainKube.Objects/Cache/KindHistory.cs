using System.Globalization;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Cache;

/// <summary>The recent changes of one kind in a ring, and the trees after the newest of them. Readers hold a sequence number, never a queue.</summary>
/// <remarks>Bounded by count and by age. A reader that falls behind the ring's start is told to begin anew.</remarks>
internal sealed class KindHistory(long startRevision)
{
    /// <summary>Changes whose encoded events are kept; watchers that keep up are all among these.</summary>
    private const int Warm = 256;
    private const int MaxChanges = 16_384;
    private const int MaxTrees = 256;
    private readonly Lock gate = new();
    private readonly Queue<KindSnapshot> trees = new();
    private readonly List<(KindSnapshot Snapshot, long PinnedAt)> pinned = [];
    private ObjectChange[] ring = new ObjectChange[64];
    private long first;
    private long next;

    /// <summary>Revision of the newest change that is no longer in the ring.</summary>
    private long floor = startRevision;

    public void Append(List<ObjectChange> changes, KindSnapshot after)
    {
        lock (gate)
        {
            foreach (var change in changes)
            {
                if (next - first == ring.Length)
                {
                    GrowOrDrop();
                }

                ring[next & (ring.Length - 1)] = change;
                next++;
                if (next - first > Warm)
                {
                    ring[(next - Warm - 1) & (ring.Length - 1)].DropEncoded();
                }
            }

            Keep(after);
        }
    }

    /// <summary>Remembers a tree as the newest.</summary>
    public void Keep(KindSnapshot tree)
    {
        lock (gate)
        {
            trees.Enqueue(tree);
            if (trees.Count > MaxTrees)
            {
                trees.Dequeue();
            }
        }
    }

    /// <summary>The sequence number of the first change after a revision.</summary>
    /// <exception cref="ApiException">410: changes after the revision are forgotten.</exception>
    public long After(long revision)
    {
        lock (gate)
        {
            if (revision < floor)
            {
                throw TooOld(revision);
            }

            long low = first, high = next;
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (ring[middle & (ring.Length - 1)].Revision <= revision)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }

    /// <summary>The changes from a sequence number on, about <paramref name="max"/> at most, for those of one revision stay together; null where there are none yet.</summary>
    /// <exception cref="ApiException">410: the reader was too slow.</exception>
    public ObjectChange[]? Read(long from, long lastRevision, int max)
    {
        lock (gate)
        {
            if (from < first)
            {
                throw TooOld(lastRevision);
            }

            var count = (int)Math.Min(next - from, max);
            if (count == 0)
            {
                return null;
            }

            while (from + count < next && ring[(from + count) & (ring.Length - 1)].Revision == ring[(from + count - 1) & (ring.Length - 1)].Revision)
            {
                count++;
            }

            var read = new ObjectChange[count];
            for (var i = 0; i < count; i++)
            {
                read[i] = ring[(from + i) & (ring.Length - 1)];
            }

            return read;
        }
    }

    public bool HasAfter(long sequence)
    {
        lock (gate)
        {
            return sequence < next;
        }
    }

    /// <summary>The tree as it was at exactly that revision, or null where it is not known any more. The revision must have been reached.</summary>
    public ObjectTree? TreeAt(long revision)
    {
        lock (gate)
        {
            KindSnapshot? best = null;
            foreach (var tree in trees)
            {
                if (tree.Revision > revision)
                {
                    break;
                }

                best = tree;
            }

            return (best ?? pinned.Find(p => p.Snapshot.Revision == revision).Snapshot)?.Tree;
        }
    }

    /// <summary>Keeps a picture for those who were promised its continuation.</summary>
    public void Pin(KindSnapshot snapshot, long now)
    {
        lock (gate)
        {
            pinned.RemoveAll(p => p.Snapshot.Revision == snapshot.Revision);
            if (pinned.Count >= 64)
            {
                pinned.RemoveAt(0);
            }

            pinned.Add((snapshot, now));
        }
    }

    /// <summary>Forgets what was taken in before <paramref name="oldest"/>.</summary>
    public void Trim(long oldest)
    {
        lock (gate)
        {
            while (first < next && ring[first & (ring.Length - 1)].TakenAt < oldest)
            {
                Drop();
            }

            pinned.RemoveAll(p => p.PinnedAt < oldest);
            while (trees.Count > 1 && next == first)
            {
                trees.Dequeue();
            }
        }
    }

    private void GrowOrDrop()
    {
        if (ring.Length >= MaxChanges)
        {
            Drop();
            return;
        }

        var grown = new ObjectChange[ring.Length * 2];
        for (var i = first; i < next; i++)
        {
            grown[i & (grown.Length - 1)] = ring[i & (ring.Length - 1)];
        }

        ring = grown;
    }

    private void Drop()
    {
        ref var slot = ref ring[first & (ring.Length - 1)];
        floor = slot.Revision;
        slot = null!;
        first++;
    }

    private ApiException TooOld(long revision) => ApiException.Expired(string.Create(CultureInfo.InvariantCulture, $"too old resource version: {revision} ({floor})"));
}

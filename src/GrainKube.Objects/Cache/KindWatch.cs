using GrainKube.ApiMachinery.Errors;

namespace GrainKube.Objects.Cache;

/// <summary>A reader of one kind's log of changes. Many readers share the log and the encoded events.</summary>
/// <remarks>For one reader at a time.</remarks>
public sealed class KindWatch
{
    private const int Batch = 512;
    private readonly KindCache kind;
    private long sequence;
    private long lastRead;

    internal KindWatch(KindCache kind, long sequence, long afterRevision) => (this.kind, this.sequence, lastRead) = (kind, sequence, afterRevision);

    /// <summary>Everything up to this revision has been read, or concerned other kinds: what a bookmark may say.</summary>
    public long Revision
    {
        get
        {
            // In this order: what was reached before the log was found empty is not in the log.
            var reached = kind.Position.Revision;
            if (!kind.History.HasAfter(sequence))
            {
                lastRead = Math.Max(lastRead, reached); // remembered: what was once promised must not be taken back
            }

            return lastRead;
        }
    }

    /// <summary>Whether <see cref="TryNext"/> has something to tell.</summary>
    public bool HasNews => kind.History.HasAfter(sequence) || kind.IsClosed;

    /// <summary>The next changes; waits while there are none.</summary>
    /// <inheritdoc cref="TryNext"/>
    public async ValueTask<IReadOnlyList<ObjectChange>> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var changed = kind.Changed;
            if (TryNext() is { } changes)
            {
                return changes;
            }

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>The next changes if there are any, else null; does not wait.</summary>
    /// <exception cref="ApiException">410 Expired where the reader was too slow and the log has moved on, or the kind is no longer served.</exception>
    public IReadOnlyList<ObjectChange>? TryNext()
    {
        while (kind.History.Read(sequence, lastRead, Batch) is { } changes)
        {
            sequence += changes.Length;

            // A watch may have been asked for from a revision that this silo had not reached yet.
            var news = Array.FindIndex(changes, c => c.Revision > lastRead);
            if (news >= 0)
            {
                lastRead = changes[^1].Revision;
                return news == 0 ? changes : changes[news..];
            }
        }

        return kind.IsClosed ? throw ApiException.Expired($"{kind.Definition.GroupResource} is no longer served") : null;
    }
}

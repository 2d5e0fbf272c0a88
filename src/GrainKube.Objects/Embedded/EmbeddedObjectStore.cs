using System.Runtime.CompilerServices;
using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrainKube.Objects.Embedded;

/// <summary>The store of one process, in a SQLite file: one writer that commits in groups, readers that wait for nobody, watches fed from memory.</summary>
/// <remarks>Values handed in are kept until their commit was delivered to every watch: they must not be changed afterwards.</remarks>
public sealed class EmbeddedObjectStore : IObjectStore
{
    private readonly EmbeddedStoreOptions options;
    private readonly TimeProvider time;
    private readonly StoreFile file;
    private readonly RecentChanges recent;
    private readonly ReaderPool readers;
    private readonly StoreWriter writer;
    private readonly HistoryClock history;
    private readonly ITimer minutes;
    private bool disposed;

    /// <summary>Opens the store, and makes it if it is absent.</summary>
    /// <exception cref="StoreException">It is in use, cannot be read, or was written by a newer version.</exception>
    public EmbeddedObjectStore(EmbeddedStoreOptions options, TimeProvider? time = null, ILogger<EmbeddedObjectStore>? logger = null)
        : this(options, time, logger, StoreFormat.Newest)
    {
    }

    internal EmbeddedObjectStore(EmbeddedStoreOptions options, TimeProvider? time, ILogger? logger, StoreFormat format)
    {
        this.options = options;
        this.time = time ?? TimeProvider.System;
        file = new StoreFile(options, format);
        try
        {
            readers = new ReaderPool(file);
            var (newest, _) = readers.Read(0, static (reader, _) => reader.ReadBounds());
            recent = new RecentChanges(newest);
            writer = new StoreWriter(file, recent, options, this.time, logger ?? NullLogger.Instance);
        }
        catch (SqliteFailure failure)
        {
            readers?.Dispose();
            file.Dispose();
            throw failure.ToStoreException(file.Path);
        }

        history = new HistoryClock(options.HistoryRetention, options.HistoryLimit);
        history.Tick(this.time.GetUtcNow(), recent.Revision);
        var now = this.time.GetUtcNow();
        var nextMinute = TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(now.Ticks % TimeSpan.TicksPerMinute);
        minutes = this.time.CreateTimer(static store => ((EmbeddedObjectStore)store!).Tick(), this, nextMinute + TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1));
    }

    /// <inheritdoc />
    public Task<StoreValue?> GetAsync(string key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Task.FromResult(readers.Read(key, static (reader, key) => reader.Get(key)));
    }

    /// <inheritdoc />
    public Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel) =>
        Task.Run(() => readers.Read((prefix, options), static (reader, it) => reader.List(it.prefix, it.options)), cancel);

    /// <inheritdoc />
    public Task<long> GetRevisionAsync(CancellationToken cancel) => Task.FromResult(recent.Revision);

    /// <inheritdoc />
    /// <remarks>A transaction that was handed to the writer can no longer be cancelled; it takes one wait for the disk.</remarks>
    public Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Check(transaction);
        return writer.CommitAsync(transaction);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        var position = afterRevision;
        var (_, compacted) = readers.Read(0, static (reader, _) => reader.ReadBounds());
        if (position < compacted)
        {
            throw new StoreException(StoreError.Compacted, $"revision {position} was compacted; the oldest is {compacted}");
        }

        for (var first = true; ; first = false)
        {
            cancel.ThrowIfCancellationRequested();
            if (!recent.TryRead(prefix, position, out var changes))
            {
                changes = await Task.Run(() => readers.Read((prefix, position), static (reader, it) => reader.ReadChanges(it.prefix, it.position)), cancel);
            }

            if (changes.Revision > position || (first && changes.Revision == position))
            {
                position = changes.Revision;
                yield return changes;
            }

            await recent.WaitAsync(position).WaitAsync(cancel);
        }
    }

    /// <inheritdoc />
    public Task CompactAsync(long revision, CancellationToken cancel) => writer.CompactAsync(revision).WaitAsync(cancel);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await minutes.DisposeAsync();
        await Task.Run(writer.Dispose);
        recent.End(StoreClosed.Exception());
        readers.Dispose();
        file.Dispose();
    }

    private void Check(StoreTransaction transaction)
    {
        var bytes = 0L;
        for (var i = 0; i < transaction.Changes.Count; i++)
        {
            var change = transaction.Changes[i];
            ArgumentException.ThrowIfNullOrEmpty(change.Key);
            bytes += change.Value?.Length ?? 0;
            for (var j = 0; j < i; j++)
            {
                if (transaction.Changes[j].Key == change.Key)
                {
                    throw new ArgumentException($"The transaction changes {change.Key} twice.", nameof(transaction));
                }
            }
        }

        if (bytes > options.TransactionLimit || transaction.Changes.Count > 1024)
        {
            throw new StoreException(StoreError.TooLarge, $"a transaction of {bytes} bytes in {transaction.Changes.Count} changes is more than the store takes ({options.TransactionLimit} in 1024)");
        }
    }

    private void Tick()
    {
        writer.Tick();
        var forget = history.Tick(time.GetUtcNow(), recent.Revision);
        if (forget > 0)
        {
            _ = writer.CompactAsync(forget); // Logs its failures; the next tick asks again.
        }
    }
}

using System.Runtime.CompilerServices;
using Etcdserverpb;
using GrainKube.Etcd.Connection;
using GrainKube.Etcd.Watches;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrainKube.Etcd;

/// <summary>etcd as the store. Connects at the first call and again whenever it must.</summary>
/// <remarks>Values handed in come back by the watch: they must not be changed afterwards.</remarks>
public sealed partial class EtcdObjectStore : IObjectStore
{
    private const int PageSize = 1000;

    private readonly ILogger logger;
    private readonly TimeProvider time;
    private readonly EtcdConnection connection;
    private readonly EtcdTransactions transactions;
    private readonly WrittenValues written = new();
    private readonly HistoryClock history;
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim checking = new(1);
    private readonly Task compacting;
    private volatile bool ready;

    public EtcdObjectStore(EtcdOptions options, TimeProvider? time = null, ILogger<EtcdObjectStore>? logger = null)
    {
        this.time = time ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<EtcdObjectStore>.Instance;
        connection = new EtcdConnection(options, this.time);
        transactions = new EtcdTransactions(connection, new EtcdLeases(connection, options.ExpiryUnit, this.time), written, options, this.time, this.logger);
        history = new HistoryClock(options.HistoryRetention, options.HistoryLimit);
        compacting = CompactOnScheduleAsync();
    }

    /// <inheritdoc />
    public async Task<StoreValue?> GetAsync(string key, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var response = await RangeAsync(new RangeRequest { Key = KeyBytes.Of(key) }, cancel);
        return response.Kvs.Count == 0 ? null : EtcdTransactions.ToValue(response.Kvs[0]);
    }

    /// <inheritdoc />
    public async Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel)
    {
        var items = new List<StoreValue>();
        var (revision, after) = (options.Revision, options.After);
        while (true)
        {
            var wanted = options.Limit > 0 ? Math.Min(PageSize, options.Limit - items.Count) : PageSize;
            var from = after is not null && string.CompareOrdinal(after, prefix) >= 0 ? after + '\0' : prefix;
            var response = await RangeAsync(
                new RangeRequest
                {
                    Key = from.Length == 0 ? Google.Protobuf.ByteString.CopyFrom(0) : KeyBytes.Of(from),
                    RangeEnd = KeyBytes.EndOf(prefix),
                    Revision = revision,
                    Limit = wanted,
                    KeysOnly = options.KeysOnly,
                },
                cancel);
            revision = revision > 0 ? revision : response.Header.Revision;
            foreach (var pair in response.Kvs)
            {
                items.Add(EtcdTransactions.ToValue(pair));
            }

            if (!response.More || items.Count == options.Limit)
            {
                return new StorePage(revision, items, response.More, response.Count - response.Kvs.Count);
            }

            after = items[^1].Key;
        }
    }

    /// <inheritdoc />
    public async Task<long> GetRevisionAsync(CancellationToken cancel) =>
        (await RangeAsync(new RangeRequest { Key = KeyBytes.Of(EtcdFormat.Key), CountOnly = true }, cancel)).Header.Revision;

    /// <inheritdoc />
    /// <remarks>A transaction that was sent is not cancelled any more: its answer is waited for.</remarks>
    public Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        for (var i = 1; i < transaction.Changes.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (transaction.Changes[j].Key == transaction.Changes[i].Key)
                {
                    throw new ArgumentException($"The transaction changes {transaction.Changes[i].Key} twice.", nameof(transaction));
                }
            }
        }

        var check = CheckFormatAsync(cancel);
        return check.IsCompletedSuccessfully ? transactions.CommitAsync(transaction, cancel) : FirstCommitAsync(check, transaction, cancel);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        await CheckFormatAsync(cancel);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel, closing.Token);
        var batches = new EtcdWatch(connection, written, time, logger).FollowAsync(prefix, afterRevision, ends.Token).GetAsyncEnumerator(ends.Token);
        await using (batches)
        {
            while (await NextAsync(batches, cancel))
            {
                yield return batches.Current;
            }
        }
    }

    /// <inheritdoc />
    public async Task CompactAsync(long revision, CancellationToken cancel)
    {
        await CheckFormatAsync(cancel);
        try
        {
            await connection.AskAsync(static (endpoint, request, options) => endpoint.Keys.CompactAsync(request, options), new CompactionRequest { Revision = revision }, cancel);
        }
        catch (StoreException failure) when (failure.Error is StoreError.Compacted)
        {
            // Forgotten already, by an earlier call or by another silo: that is what was asked for.
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!closing.IsCancellationRequested)
        {
            await closing.CancelAsync();
            await compacting;
            connection.Dispose();
            checking.Dispose();
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<StoreChanges> batches, CancellationToken cancel)
    {
        try
        {
            return await batches.MoveNextAsync();
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw Closed();
        }
    }

    private async Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancel)
    {
        await CheckFormatAsync(cancel);
        return await connection.AskAsync(static (endpoint, request, options) => endpoint.Keys.RangeAsync(request, options), request, cancel);
    }

    private async ValueTask CheckFormatAsync(CancellationToken cancel)
    {
        if (closing.IsCancellationRequested)
        {
            throw Closed();
        }

        if (ready)
        {
            return;
        }

        await checking.WaitAsync(cancel);
        try
        {
            if (!ready)
            {
                await EtcdFormat.CheckAsync(connection, cancel);
                ready = true;
            }
        }
        finally
        {
            checking.Release();
        }
    }

    private async Task<StoreCommit> FirstCommitAsync(ValueTask check, StoreTransaction transaction, CancellationToken cancel)
    {
        await check;
        return await transactions.CommitAsync(transaction, cancel);
    }

    private static StoreException Closed() => new(StoreError.Unavailable, "the store is closed");

    /// <remarks>Every silo does it; who comes second finds it done. Without it etcd's memory grows with every write.</remarks>
    private async Task CompactOnScheduleAsync()
    {
        using var minutes = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        var compacted = 0L;
        try
        {
            while (await minutes.WaitForNextTickAsync(closing.Token))
            {
                try
                {
                    var forget = history.Tick(time.GetUtcNow(), await GetRevisionAsync(closing.Token));
                    if (forget > compacted)
                    {
                        await CompactAsync(forget, closing.Token);
                        compacted = forget;
                    }
                }
                catch (StoreException failure)
                {
                    LogCompactionFailed(failure.Message);
                }
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The store is closed.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "etcd's history could not be compacted, it is tried again in a minute: {Reason}")]
    private partial void LogCompactionFailed(string reason);
}

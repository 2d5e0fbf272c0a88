using Etcdserverpb;
using Google.Protobuf;
using GrainKube.Etcd.Connection;
using GrainKube.Etcd.Watches;
using GrainKube.Objects.Store;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace GrainKube.Etcd;

/// <summary>Transactions, and the search for the outcome of those whose answer was lost.</summary>
/// <remarks>
/// A lost transaction is sent again: both carry the same compares, so at most one of them applies. If the second one's compares fail, the history of the key says
/// whether the first one was applied. Two writers that put the same bytes over the same revision cannot be told apart that way: what must be unique holds something unique.
/// </remarks>
internal sealed partial class EtcdTransactions(EtcdConnection connection, EtcdLeases leases, WrittenValues written, EtcdOptions options, TimeProvider time, ILogger logger)
{
    private const int Retries = 5;
    private const int StepsBack = 20;

    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        var request = await BuildAsync(transaction, cancel);
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            // A server that hangs takes the whole time of a request: then one more is enough.
            var again = attempt < Retries && time.GetElapsedTime(started) <= options.RequestTimeout;
            try
            {
                var response = await connection.TellAsync(static (endpoint, request, options) => endpoint.Keys.TxnAsync(request, options), request);
                var commit = Answer(response, transaction);
                return commit.Succeeded || attempt == 0 ? commit : await FindOutcomeAsync(transaction, commit);
            }
            catch (RpcException failure) when (again)
            {
                LogLost(failure.Status.Detail);
                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), time, CancellationToken.None);
            }
            catch (RpcException failure)
            {
                throw Unknown(transaction, failure.Status.Detail);
            }
            catch (StoreException failure) when (attempt > 0 && failure.Error is StoreError.Unavailable && again)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), time, CancellationToken.None);
            }
            catch (StoreException failure) when (attempt > 0)
            {
                throw Unknown(transaction, failure.Message); // An earlier attempt may have reached it.
            }
            catch (StoreException failure) when (failure.Error is StoreError.Unavailable && failure.Message.Contains("lease not found", StringComparison.Ordinal) && attempt == 0)
            {
                leases.Forget();
                request = await BuildAsync(transaction, cancel);
            }
        }
    }

    private static StoreCommit Answer(TxnResponse response, StoreTransaction transaction)
    {
        if (response.Succeeded)
        {
            return new StoreCommit(true, response.Header.Revision, []);
        }

        var current = new StoreValue?[transaction.Compares.Count];
        for (var i = 0; i < current.Length; i++)
        {
            var found = response.Responses[i].ResponseRange.Kvs;
            current[i] = found.Count == 0 ? null : ToValue(found[0]);
        }

        return new StoreCommit(false, response.Header.Revision, current);
    }

    internal static StoreValue ToValue(KeyValue pair) => new(pair.Key.ToStringUtf8(), pair.Value.Memory, pair.CreateRevision, pair.ModRevision);

    private static StoreException Unknown(StoreTransaction transaction, string reason) =>
        new(StoreError.OutcomeUnknown, $"etcd did not answer whether {string.Join(" and ", transaction.Changes.Select(change => change.Key))} was written: {reason}");

    private async ValueTask<TxnRequest> BuildAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        var request = new TxnRequest();
        foreach (var compare in transaction.Compares)
        {
            var key = KeyBytes.Of(compare.Key);
            request.Compare.Add(KeyBytes.Compare(key, compare.Revision));
            request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = key } });
        }

        foreach (var change in transaction.Changes)
        {
            var key = transaction.Compares is [var first, ..] && first.Key == change.Key ? request.Compare[0].Key : KeyBytes.Of(change.Key);
            if (change.Value is not { } value)
            {
                request.Success.Add(new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = key } });
                continue;
            }

            written.Note(change.Key, value);
            var lease = change.Expiry > TimeSpan.Zero ? await leases.GetAsync(change.Expiry, cancel) : 0;
            request.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = key, Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease } });
        }

        return request;
    }

    /// <summary>The transaction was sent more than once and the last one failed its compares: because an earlier one was applied, or for another's change?</summary>
    private async Task<StoreCommit> FindOutcomeAsync(StoreTransaction transaction, StoreCommit refused)
    {
        foreach (var change in transaction.Changes)
        {
            if (transaction.Compares.Any(compare => compare.Key == change.Key))
            {
                var expected = transaction.Compares.First(compare => compare.Key == change.Key).Revision;
                return change.Value is { } value ? await FindPutAsync(change.Key, value, expected, transaction, refused) : await FindDeleteAsync(change.Key, expected, transaction, refused);
            }
        }

        return transaction.Changes.Count == 0 ? refused : throw Unknown(transaction, "the answer was lost and the keys written were not compared");
    }

    private async Task<StoreCommit> FindPutAsync(string key, ReadOnlyMemory<byte> value, long expected, StoreTransaction transaction, StoreCommit refused)
    {
        var (pair, revision) = await ReadAsync(key, 0);
        for (var step = 0; step < StepsBack; step++)
        {
            if (pair is null)
            {
                break; // It may have been written and deleted since.
            }

            if (pair.ModRevision == expected || (expected > 0 && pair.ModRevision < expected))
            {
                return refused; // Its successor, if there is one, was not ours.
            }

            if (pair.Value.Span.SequenceEqual(value.Span))
            {
                return new StoreCommit(true, pair.ModRevision, []);
            }

            if (expected == 0 && pair.ModRevision == pair.CreateRevision)
            {
                return refused; // Another made it.
            }

            var before = pair.ModRevision - 1;
            (pair, revision) = await ReadAsync(key, before);
        }

        throw Unknown(transaction, $"the history of the key up to revision {revision} does not tell");
    }

    private async Task<StoreCommit> FindDeleteAsync(string key, long expected, StoreTransaction transaction, StoreCommit refused)
    {
        var (pair, revision) = await ReadAsync(key, 0);
        return pair is null ? new StoreCommit(true, revision, []) // It is as it was asked to be.
            : pair.CreateRevision <= expected ? refused
            : throw Unknown(transaction, "the key was deleted and made again");
    }

    private async Task<(KeyValue? Pair, long Revision)> ReadAsync(string key, long revision)
    {
        using var patience = new CancellationTokenSource(options.RequestTimeout, time);
        var response = await connection.AskAsync(static (endpoint, request, options) => endpoint.Keys.RangeAsync(request, options),
            new RangeRequest { Key = KeyBytes.Of(key), Revision = revision }, patience.Token);
        return (response.Kvs.Count == 0 ? null : response.Kvs[0], response.Header.Revision);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to a transaction was lost, asking again: {Reason}")]
    private partial void LogLost(string reason);
}

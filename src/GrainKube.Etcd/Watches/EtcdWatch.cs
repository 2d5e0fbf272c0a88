using System.Runtime.CompilerServices;
using Etcdserverpb;
using GrainKube.Etcd.Connection;
using GrainKube.Objects.Store;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace GrainKube.Etcd.Watches;

/// <summary>One watch, across as many streams as it takes.</summary>
/// <remarks>
/// Its position is the revision of the last <em>event</em>. Headers and progress answers are not believed: etcd before 3.4.31 (and 3.5 before 3.5.13) sends them ahead of the backlog.
/// </remarks>
internal sealed partial class EtcdWatch(EtcdConnection connection, WrittenValues written, TimeProvider time, ILogger logger)
{
    private readonly Method<WatchRequest, WatchMessage> method = WatchMethod.Taking(written);

    public async IAsyncEnumerable<StoreChanges> FollowAsync(string prefix, long after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var position = after;
        for (var failures = 0; ; failures++)
        {
            var endpoint = connection.Current;
            AsyncDuplexStreamingCall<WatchRequest, WatchMessage>? stream = null;
            try
            {
                while (true)
                {
                    StoreChanges? changes;
                    try
                    {
                        stream ??= await OpenAsync(endpoint, prefix, position, cancel);
                        changes = await stream.ResponseStream.MoveNext(cancel) ? Read(stream.ResponseStream.Current, position, endpoint) : throw Ended();
                    }
                    catch (RpcException failure)
                    {
                        cancel.ThrowIfCancellationRequested();
                        Lost(endpoint, failure, position);
                        break;
                    }

                    if (changes is not null)
                    {
                        failures = 0;
                        position = changes.Revision;
                        yield return changes;
                    }
                }
            }
            finally
            {
                stream?.Dispose();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(failures, 6))), time, cancel);
        }
    }

    private async Task<AsyncDuplexStreamingCall<WatchRequest, WatchMessage>> OpenAsync(EtcdEndpoint endpoint, string prefix, long position, CancellationToken cancel)
    {
        var headers = new Metadata { { "hasleader", "true" } }; // A server that lost its cluster ends the stream instead of falling silent.
        foreach (var entry in await connection.CredentialsAsync(endpoint, cancel) ?? [])
        {
            headers.Add(entry);
        }

        var stream = endpoint.Invoker.AsyncDuplexStreamingCall(method, null, new CallOptions(headers, cancellationToken: cancel));
        try
        {
            await stream.RequestStream.WriteAsync(
                new WatchRequest
                {
                    CreateRequest = new WatchCreateRequest
                    {
                        Key = prefix.Length == 0 ? Google.Protobuf.ByteString.CopyFrom(0) : KeyBytes.Of(prefix),
                        RangeEnd = KeyBytes.EndOf(prefix),
                        // From the position itself, whose events are dropped: so etcd refuses if anything after it was compacted.
                        StartRevision = Math.Max(1, position),
                    },
                },
                cancel);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static StoreChanges? Read(WatchMessage response, long position, EtcdEndpoint endpoint)
    {
        if (response.Canceled)
        {
            throw response.CompactRevision > 0
                ? new StoreException(StoreError.Compacted, $"revision {position} was compacted; the oldest is {response.CompactRevision}")
                : response.CancelReason.Contains("permission denied", StringComparison.Ordinal)
                    ? new StoreException(StoreError.Unauthorized, $"etcd {endpoint.Address} refuses the watch: {response.CancelReason}")
                    : new RpcException(new Status(StatusCode.Unavailable, response.CancelReason));
        }

        var items = response.Items;
        items.RemoveAll(change => change.Revision <= position);
        return items.Count == 0 ? null : new StoreChanges(items[^1].Revision, items);
    }

    private static RpcException Ended() => new(new Status(StatusCode.Unavailable, "etcd ended the watch"));

    private void Lost(EtcdEndpoint endpoint, RpcException failure, long position)
    {
        if (failure.WantsNewToken())
        {
            endpoint.Credentials = null;
        }
        else if (failure.StatusCode is StatusCode.PermissionDenied or StatusCode.InvalidArgument)
        {
            throw failure.ToStoreException(endpoint.Address);
        }

        connection.Leave(endpoint, failure);
        LogLost(endpoint.Address, position, failure.Status.Detail);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch at {Endpoint} broke after revision {Position} and is taken up again: {Reason}")]
    private partial void LogLost(Uri endpoint, long position, string reason);
}

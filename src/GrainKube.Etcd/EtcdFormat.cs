using System.Text;
using System.Text.Json.Nodes;
using Etcdserverpb;
using Google.Protobuf;
using GrainKube.Etcd.Connection;
using GrainKube.Objects.Store;

namespace GrainKube.Etcd;

/// <summary>The version of what is stored, in a key of its own.</summary>
internal static class EtcdFormat
{
    public const string Key = "/grainkube/format";
    public const int Newest = 1;

    /// <summary>Notes the format in an empty etcd, and refuses a newer one.</summary>
    public static async Task CheckAsync(EtcdConnection connection, CancellationToken cancel)
    {
        var request = new TxnRequest
        {
            Compare = { KeyBytes.Compare(KeyBytes.Of(Key), 0) },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = KeyBytes.Of(Key), Value = ByteString.CopyFromUtf8($$"""{"format":{{Newest}}}""") } } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = KeyBytes.Of(Key) } } },
        };
        var response = await connection.AskAsync(static (endpoint, request, options) => endpoint.Keys.TxnAsync(request, options), request, cancel);
        if (!response.Succeeded)
        {
            Check(response.Responses[0].ResponseRange.Kvs[0].Value.Span);
        }
    }

    private static void Check(ReadOnlySpan<byte> value)
    {
        var format = (int?)JsonNode.Parse(Encoding.UTF8.GetString(value))?["format"] ?? throw new StoreException(StoreError.Unreadable, $"etcd's key {Key} does not name a format");
        if (format > Newest)
        {
            throw new StoreException(StoreError.Unreadable,
                $"what etcd holds was written by a newer GrainKube (format {format}, this one knows up to {Newest}): use that version or another etcd");
        }
    }
}

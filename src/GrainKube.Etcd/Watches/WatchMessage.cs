using System.Buffers;
using System.Text;
using GrainKube.Objects.Store;

namespace GrainKube.Etcd.Watches;

/// <summary>What matters of etcd's <c>WatchResponse</c> (<c>rpc.proto</c> and <c>kv.proto</c> of its API).</summary>
/// <param name="Canceled">The watch has ended.</param>
/// <param name="CompactRevision">Where it asked for what was compacted: the oldest revision there is.</param>
/// <param name="CancelReason">Why it has ended.</param>
/// <param name="Items">Changes in their order.</param>
internal sealed record WatchMessage(bool Canceled, long CompactRevision, string CancelReason, List<StoreChange> Items)
{
    /// <exception cref="InvalidDataException">This is no such message.</exception>
    public static WatchMessage Read(ReadOnlySequence<byte> message, WrittenValues written)
    {
        var (canceled, compacted, reason, items) = (false, 0L, "", new List<StoreChange>());
        var fields = new MessageFields(message.IsSingleSegment ? message.FirstSpan : message.ToArray());
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 4:
                    canceled = fields.Number != 0;
                    break;
                case 5:
                    compacted = fields.Number;
                    break;
                case 6:
                    reason = Encoding.UTF8.GetString(fields.Bytes);
                    break;
                case 11:
                    items.Add(Change(fields.Bytes, written));
                    break;
            }
        }

        return new WatchMessage(canceled, compacted, reason, items);
    }

    private static StoreChange Change(ReadOnlySpan<byte> message, WrittenValues written)
    {
        var deleted = false;
        ReadOnlySpan<byte> pair = [];
        var fields = new MessageFields(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    deleted = fields.Number == 1;
                    break;
                case 2:
                    pair = fields.Bytes;
                    break;
            }
        }

        return Change(pair, deleted, written);
    }

    private static StoreChange Change(ReadOnlySpan<byte> pair, bool deleted, WrittenValues written)
    {
        var (created, revision) = (0L, 0L);
        ReadOnlySpan<byte> key = [], value = [];
        var fields = new MessageFields(pair);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    key = fields.Bytes;
                    break;
                case 2:
                    created = fields.Number;
                    break;
                case 3:
                    revision = fields.Number;
                    break;
                case 5:
                    value = fields.Bytes;
                    break;
            }
        }

        if (deleted)
        {
            return new StoreChange(Encoding.UTF8.GetString(key), null, revision, 0);
        }

        var (name, bytes) = written.Take(key, value);
        return new StoreChange(name, bytes, revision, created);
    }
}

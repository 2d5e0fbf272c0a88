using System.Buffers;
using System.Text;
using CsCheck;
using Etcdserverpb;
using Google.Protobuf;
using GrainKube.Etcd.Watches;
using Mvccpb;
using Xunit;

namespace GrainKube.Etcd.Tests.Watches;

public sealed class WatchMessageTests
{
    private static readonly Gen<Event> Events = Gen.Select(Gen.Bool, Gen.String[Gen.Char.AlphaNumeric, 1, 40], Gen.Byte.Array[0, 300], Gen.Long[1, long.MaxValue], Gen.Long[1, long.MaxValue])
        .Select((deleted, key, value, created, revision) => new Event
        {
            Type = deleted ? Event.Types.EventType.Delete : Event.Types.EventType.Put,
            Kv = new KeyValue { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(value), CreateRevision = created, ModRevision = revision, Version = 3, Lease = -7 },
        });

    [Fact]
    public void A_message_says_what_the_generated_class_says() =>
        Gen.Select(Events.List[0, 5], Gen.Bool, Gen.Long, Gen.String[Gen.Char.AlphaNumeric, 0, 20]).Sample((events, canceled, compacted, reason) =>
        {
            var sent = new WatchResponse
            {
                Header = new ResponseHeader { ClusterId = ulong.MaxValue, Revision = 12, RaftTerm = 3 }, WatchId = -1, Created = true,
                Canceled = canceled, CompactRevision = compacted, CancelReason = reason, Events = { events },
            };
            var read = Read(sent, new WrittenValues());
            Assert.Equal((canceled, compacted, reason), (read.Canceled, read.CompactRevision, read.CancelReason));
            Assert.Equal(
                events.Select(e => (e.Kv.Key.ToStringUtf8(), e.Type, e.Kv.ModRevision, Convert.ToHexString(e.Type == Event.Types.EventType.Put ? e.Kv.Value.Span : []))),
                read.Items.Select(i => (i.Key, i.Value is null ? Event.Types.EventType.Delete : Event.Types.EventType.Put, i.Revision, Convert.ToHexString((i.Value ?? default).Span))));
            Assert.Equal(events.Select(e => e.Type == Event.Types.EventType.Put ? e.Kv.CreateRevision : 0), read.Items.Select(i => i.CreateRevision));
        });

    [Fact]
    public void A_value_that_was_written_here_comes_back_as_the_same_bytes_and_only_once()
    {
        var (written, value) = (new WrittenValues(), Encoding.UTF8.GetBytes("{}"));
        written.Note("/registry/things/a", value);
        var put = new WatchResponse { Events = { new Event { Kv = new KeyValue { Key = ByteString.CopyFromUtf8("/registry/things/a"), Value = ByteString.CopyFrom(value), ModRevision = 1 } } } };
        Assert.True(Read(put, written).Items[0].Value!.Value.Equals(value.AsMemory()));
        var again = Read(put, written).Items[0].Value!.Value;
        Assert.False(again.Equals(value.AsMemory()));
        Assert.Equal(value, again.ToArray());
    }

    [Fact]
    public void What_another_has_written_over_ours_is_what_the_watch_says()
    {
        var written = new WrittenValues();
        written.Note("/registry/things/a", "mine"u8.ToArray());
        var put = new WatchResponse { Events = { new Event { Kv = new KeyValue { Key = ByteString.CopyFromUtf8("/registry/things/a"), Value = ByteString.CopyFromUtf8("not mine"), ModRevision = 1 } } } };
        Assert.Equal("not mine"u8.ToArray(), Read(put, written).Items[0].Value!.Value.ToArray());
    }

    private static WatchMessage Read(WatchResponse message, WrittenValues written) => WatchMessage.Read(new ReadOnlySequence<byte>(message.ToByteArray()), written);
}

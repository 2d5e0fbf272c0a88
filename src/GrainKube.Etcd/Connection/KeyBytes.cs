using Etcdserverpb;
using Google.Protobuf;

namespace GrainKube.Etcd.Connection;

/// <summary>Keys as etcd's bytes.</summary>
internal static class KeyBytes
{
    public static ByteString Of(string key) => ByteString.CopyFromUtf8(key);

    /// <summary>The first key after all that start with a prefix; etcd writes "no end" as one zero byte.</summary>
    public static ByteString EndOf(string prefix)
    {
        var end = System.Text.Encoding.UTF8.GetBytes(prefix);
        if (end.Length == 0)
        {
            return ByteString.CopyFrom(0);
        }

        end[^1]++; // Never overflows: no byte of UTF-8 is 0xff.
        return UnsafeByteOperations.UnsafeWrap(end);
    }

    public static Compare Compare(ByteString key, long revision) => new()
    {
        Key = key,
        Target = Etcdserverpb.Compare.Types.CompareTarget.Mod,
        Result = Etcdserverpb.Compare.Types.CompareResult.Equal,
        ModRevision = revision, // An absent key has the revision 0.
    };
}

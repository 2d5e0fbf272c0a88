using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>One change of one object as the watch cache saw it. Shared by all watchers, and with it the encoded events.</summary>
/// <param name="before">The version before, or null for a creation.</param>
/// <param name="after">The version now; for a deletion, null.</param>
/// <param name="revision">Revision of the change (of the deletion, where it was one).</param>
public sealed class ObjectChange(KubeObject? before, KubeObject? after, long revision)
{
    private KubeObject? lastState;
    private byte[]? added;
    private byte[]? modified;
    private byte[]? deleted;

    public KubeObject? Before { get; } = before;

    public KubeObject? After { get; } = after;

    public long Revision { get; } = revision;

    /// <summary>The newest version there was: <see cref="After"/>, or for a deletion <see cref="Before"/>.</summary>
    public KubeObject Subject => After ?? Before!;

    /// <summary>When the cache took it in, in the milliseconds of its clock; for trimming.</summary>
    internal long TakenAt { get; init; }

    /// <summary>The object that an event of that type carries: for a deletion the last state with the deletion's <c>resourceVersion</c>.</summary>
    public KubeObject ObjectFor(WatchEventType type) => type != WatchEventType.Deleted ? After! : lastState ??= StoredJson.WithRevision(Before!, Revision);

    /// <summary><c>{"type":…,"object":…}</c> and a newline, in the storage version; encoded once for all watchers.</summary>
    public ReadOnlyMemory<byte> EventFor(WatchEventType type) => type switch
    {
        WatchEventType.Added => added ??= Encode("{\"type\":\"ADDED\",\"object\":"u8, ObjectFor(type)),
        WatchEventType.Modified => modified ??= Encode("{\"type\":\"MODIFIED\",\"object\":"u8, ObjectFor(type)),
        _ => deleted ??= Encode("{\"type\":\"DELETED\",\"object\":"u8, ObjectFor(type)),
    };

    /// <summary>Lets go of the encoded events; whoever is late encodes again.</summary>
    internal void DropEncoded() => (lastState, added, modified, deleted) = (null, null, null, null);

    private static byte[] Encode(ReadOnlySpan<byte> head, KubeObject item) => [.. head, .. item.Json.Span, (byte)'}', (byte)'\n'];
}

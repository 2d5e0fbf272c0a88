namespace GrainKube.Objects.Store;

/// <summary>Compares and changes that happen together or not at all. A key is changed at most once.</summary>
/// <param name="Compares">All must hold.</param>
/// <param name="Changes">What is then put or deleted, at one revision. May be empty: then nothing is written and the compares are only answered.</param>
public sealed record StoreTransaction(IReadOnlyList<StoreCompare> Compares, IReadOnlyList<StoreWrite> Changes)
{
    /// <summary>Puts a key that must be absent.</summary>
    public static StoreTransaction Create(string key, ReadOnlyMemory<byte> value) => new([new(key, 0)], [StoreWrite.Put(key, value)]);

    /// <summary>Puts a key whose last change must be <paramref name="expected"/>.</summary>
    public static StoreTransaction Update(string key, ReadOnlyMemory<byte> value, long expected) => new([new(key, expected)], [StoreWrite.Put(key, value)]);

    /// <summary>Deletes a key whose last change must be <paramref name="expected"/>.</summary>
    public static StoreTransaction Delete(string key, long expected) => new([new(key, expected)], [StoreWrite.Delete(key)]);

    /// <summary>The same with one more compare.</summary>
    public StoreTransaction If(string key, long revision) => this with { Compares = [.. Compares, new(key, revision)] };

    /// <summary>The same with one more change.</summary>
    public StoreTransaction And(StoreWrite change) => this with { Changes = [.. Changes, change] };
}

namespace GrainKube.Objects.Store;

/// <summary>A put or a delete inside a transaction.</summary>
public readonly record struct StoreWrite
{
    public string Key { get; private init; }

    /// <summary>Null deletes the key.</summary>
    public ReadOnlyMemory<byte>? Value { get; private init; }

    /// <summary>
    /// After how long the key is deleted by the store, counted from this put and rounded up to whole minutes (keys of one minute share a lease); zero means never.
    /// The deletion is a change like any other and is seen by watches.
    /// </summary>
    public TimeSpan Expiry { get; private init; }

    public static StoreWrite Put(string key, ReadOnlyMemory<byte> value, TimeSpan expiry = default) => new() { Key = key, Value = value, Expiry = expiry };

    public static StoreWrite Delete(string key) => new() { Key = key };
}

namespace GrainKube.Objects.Embedded;

/// <summary>Options of the embedded store.</summary>
public sealed class EmbeddedStoreOptions
{
    /// <summary>The database file; its directory is made if absent. Required unless <see cref="Ephemeral"/>. One process at a time may open it.</summary>
    public string Path { get; set; } = "";

    /// <summary>For tests: a store in a temporary directory that never waits for the disk and is gone when it is disposed. Default: false.</summary>
    public bool Ephemeral { get; set; }

    /// <summary>
    /// How long lists and watches from the past stay possible. Default: 10 minutes, five more than a <c>continue</c> token lives. Measured to the minute, from the start of the process on.
    /// </summary>
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>At most so many revisions of history, however young: it bounds the file under heavy writing. Default: one million.</summary>
    public long HistoryLimit { get; set; } = 1_000_000;

    /// <summary>The largest the database may grow, in bytes; beyond it writes fail with <see cref="Store.StoreError.NoSpace"/>. Default: 0, as large as the disk.</summary>
    public long SizeLimit { get; set; }

    /// <summary>The largest transaction, in bytes of its values. Default: 8 MiB.</summary>
    public int TransactionLimit { get; set; } = 8 << 20;

    /// <summary>Write-ahead log above this many bytes is cut off, so that a burst does not keep its disk space. Default: 64 MiB.</summary>
    public long LogLimit { get; set; } = 64 << 20;
}

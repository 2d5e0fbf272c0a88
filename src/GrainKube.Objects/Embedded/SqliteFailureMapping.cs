using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;
using SQLitePCL;

namespace GrainKube.Objects.Embedded;

/// <summary>What SQLite's refusals mean to a caller of the store.</summary>
internal static class SqliteFailureMapping
{
    // The index of the log lives in a file of its own, which cannot grow on a full disk either.
    private const int IndexCannotGrow = raw.SQLITE_IOERR | (19 << 8);

    /// <param name="committing">The failure came from the commit itself: an I/O error then leaves open whether a restart finds the write.</param>
    public static StoreException ToStoreException(this SqliteFailure failure, string path, bool committing = false) => failure.Code switch
    {
        raw.SQLITE_FULL => new(StoreError.NoSpace, $"no space is left for the store {path}; the write did not happen"),
        raw.SQLITE_IOERR when failure.ExtendedCode == IndexCannotGrow => new(StoreError.NoSpace, $"no space is left for the store {path}; the write did not happen"),
        raw.SQLITE_IOERR when committing => new(StoreError.OutcomeUnknown, $"the disk failed while the store {path} was committing: {failure.Message}"),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new(StoreError.Unreadable, $"the store {path} is damaged or is not a GrainKube store: {failure.Message}"),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreError.Unavailable, $"another program holds the store {path} locked"),
        raw.SQLITE_TOOBIG => new(StoreError.TooLarge, $"the value is larger than the store {path} takes"),
        _ => new(StoreError.Unavailable, $"the store {path} failed: {failure.Message}"),
    };
}

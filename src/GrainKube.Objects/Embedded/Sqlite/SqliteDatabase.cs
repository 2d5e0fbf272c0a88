using SQLitePCL;

namespace GrainKube.Objects.Embedded.Sqlite;

/// <summary>One connection. Not safe for two threads at once.</summary>
/// <remarks>SQLite's own interface, not ADO.NET: a commit is a dozen statements, and parameter and reader objects would be most of what it allocates.</remarks>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 handle;

    static SqliteDatabase() => Batteries_V2.Init();

    public SqliteDatabase(string path, bool create)
    {
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(path, out handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var failure = handle is null || handle.IsInvalid ? new SqliteFailure(code, $"unable to open {path}") : SqliteFailure.Of(handle);
            handle?.Dispose();
            throw failure;
        }

        WaitForLocks(TimeSpan.FromSeconds(5));
    }

    /// <summary>A transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>How long calls wait for other connections.</summary>
    public void WaitForLocks(TimeSpan time) => raw.sqlite3_busy_timeout(handle, (int)time.TotalMilliseconds);

    public SqliteStatement Prepare(string sql)
    {
        const uint persistent = 1;
        return raw.sqlite3_prepare_v3(handle, sql, persistent, out var statement) == raw.SQLITE_OK
            ? new SqliteStatement(handle, statement)
            : throw SqliteFailure.Of(handle);
    }

    public void Execute(string sql)
    {
        if (raw.sqlite3_exec(handle, sql) != raw.SQLITE_OK)
        {
            throw SqliteFailure.Of(handle);
        }
    }

    public long ReadNumber(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Copies the log into the database file as far as readers allow.</summary>
    /// <returns>Pages in the log and how many of them are now in the file; null where someone else was in the way.</returns>
    public (int Log, int Copied)? Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(handle, "main", mode, out var log, out var copied);
        return (code & 0xff) switch
        {
            raw.SQLITE_OK => (log, copied),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => null,
            _ => throw SqliteFailure.Of(handle),
        };
    }

    public void Dispose() => handle.Dispose();
}

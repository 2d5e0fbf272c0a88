using SQLitePCL;

namespace GrainKube.Objects.Embedded.Sqlite;

/// <summary>SQLite refused a call. Never leaves the embedded store: there it becomes a <see cref="Store.StoreException"/>.</summary>
internal sealed class SqliteFailure(int extendedCode, string message) : Exception(message)
{
    /// <summary>SQLite's extended result code.</summary>
    public int ExtendedCode { get; } = extendedCode;

    /// <summary>SQLite's primary result code.</summary>
    public int Code => ExtendedCode & 0xff;

    public static SqliteFailure Of(sqlite3 database) =>
        new(raw.sqlite3_extended_errcode(database), raw.sqlite3_errmsg(database).utf8_to_string());
}

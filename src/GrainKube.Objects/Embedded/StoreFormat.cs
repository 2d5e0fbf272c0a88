using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>The tables, and the way from every older format to the newest.</summary>
/// <remarks>
/// <c>log</c> holds every change that history still needs, and the newest value of each key, in order: its id is the revision and the place in the transaction. A value is written once;
/// <c>current</c> only points at it. <c>previous</c> is the change that this one replaced: so a list of the past needs no index by key, and compaction looks at nothing but the
/// changes since the last one.
/// </remarks>
internal sealed class StoreFormat(IReadOnlyList<string> migrations)
{
    public IReadOnlyList<string> Migrations => migrations;

    /// <summary>Each entry leads from the format of its index to the next.</summary>
    public static StoreFormat Newest { get; } = new(
    [
        """
        CREATE TABLE log (id INTEGER PRIMARY KEY, key TEXT NOT NULL, previous INTEGER NOT NULL, created INTEGER NOT NULL, value BLOB);
        CREATE TABLE current (key TEXT PRIMARY KEY, id INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER) WITHOUT ROWID;
        CREATE INDEX expiring ON current (expires) WHERE expires IS NOT NULL;
        CREATE TABLE position (name TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO position VALUES ('newest', 1), ('compacted', 0), ('swept', 0);
        """,
    ]);

    /// <summary>Brings a database to the newest format.</summary>
    /// <exception cref="StoreException">It has a format that this program does not know.</exception>
    public void Migrate(SqliteDatabase database, string path)
    {
        var format = database.ReadNumber("PRAGMA user_version");
        if (format > migrations.Count)
        {
            throw new StoreException(StoreError.Unreadable,
                $"the store {path} was written by a newer GrainKube (format {format}, this one knows up to {migrations.Count}): use that version or another data directory");
        }

        for (; format < migrations.Count; format++)
        {
            database.Execute($"BEGIN IMMEDIATE; {migrations[(int)format]} PRAGMA user_version = {format + 1}; COMMIT;");
        }
    }
}

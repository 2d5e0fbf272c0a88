using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>One connection for reading with its prepared statements. Every call sees one picture of the store.</summary>
internal sealed class StoreReader : IDisposable
{
    private const string Bounds =
        "SELECT max((SELECT ifnull(max(id), 0) / 65536 FROM log), (SELECT revision FROM position WHERE name = 'newest')), (SELECT revision FROM position WHERE name = 'compacted')";

    // The picture before id ?4: what still stands from then, and what was replaced since.
    private const string Past = """
        SELECT key, id FROM current WHERE key >= ?1 AND key < ?2 AND id < ?4
        UNION ALL
        SELECT key, previous FROM log WHERE id >= ?4 AND previous > 0 AND previous < ?4 AND key >= ?1 AND key < ?2
        """;

    private readonly SqliteDatabase database;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement end;
    private readonly SqliteStatement bounds;
    private readonly SqliteStatement get;
    private readonly SqliteStatement list;
    private readonly SqliteStatement listKeys;
    private readonly SqliteStatement count;
    private readonly SqliteStatement changes;
    private SqliteStatement? listPast;

    public StoreReader(SqliteDatabase database)
    {
        this.database = database;
        begin = database.Prepare("BEGIN");
        end = database.Prepare("COMMIT");
        bounds = database.Prepare(Bounds);
        get = database.Prepare("SELECT c.id, c.created, l.value FROM current c JOIN log l ON l.id = c.id WHERE c.key = ?1");
        list = database.Prepare("SELECT c.key, c.id, c.created, l.value FROM current c JOIN log l ON l.id = c.id WHERE c.key >= ?1 AND c.key < ?2 ORDER BY c.key LIMIT ?3");
        listKeys = database.Prepare("SELECT key, id, created FROM current WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3");
        count = database.Prepare("SELECT count(*) FROM current WHERE key >= ?1 AND key < ?2");
        changes = database.Prepare("SELECT id, key, created, value FROM log WHERE id >= ?1 ORDER BY id");
    }

    public StoreValue? Get(string key)
    {
        if (!get.Bind(1, key).Step())
        {
            return null;
        }

        var value = new StoreValue(key, get.Bytes(2), get.Number(1), LogId.Revision(get.Number(0)));
        get.Reset();
        return value;
    }

    public StorePage List(string prefix, StoreListOptions options)
    {
        begin.Run();
        try
        {
            var (newest, compacted) = ReadBounds();
            var at = options.Revision == 0 ? newest : options.Revision;
            if (at > newest)
            {
                throw new StoreException(StoreError.FutureRevision, $"revision {at} does not exist yet; the newest is {newest}");
            }

            RefuseCompacted(at, compacted);
            var isPast = at < newest;
            var statement = isPast ? PastStatement() : options.KeysOnly ? listKeys : list;
            KeyRange.Under(prefix, options.After).BindTo(statement, 1);
            statement.Bind(3, options.Limit > 0 ? options.Limit + 1L : -1L);
            if (isPast)
            {
                statement.Bind(4, LogId.First(at + 1));
            }

            var items = ReadItems(statement, options);
            var hasMore = options.Limit > 0 && items.Count > options.Limit;
            if (hasMore)
            {
                items.RemoveAt(items.Count - 1);
            }

            return new StorePage(at, items, hasMore, hasMore ? isPast ? null : CountAfter(prefix, items[^1].Key) : 0);
        }
        finally
        {
            EndTransaction();
        }
    }

    /// <summary>The next changes under a prefix after a revision, a few megabytes at most; never a part of a revision.</summary>
    public StoreChanges ReadChanges(string prefix, long after)
    {
        const int enough = 1000;
        const long enoughBytes = 4 << 20;
        begin.Run();
        try
        {
            var (newest, compacted) = ReadBounds();
            RefuseCompacted(after, compacted);
            var items = new List<StoreChange>();
            var (revision, bytes) = (after, 0L);
            changes.Bind(1, LogId.First(after + 1));
            while (changes.Step())
            {
                var next = LogId.Revision(changes.Number(0));
                if (next != revision && (items.Count >= enough || bytes > enoughBytes))
                {
                    changes.Reset();
                    return new StoreChanges(revision, items);
                }

                revision = next;
                var key = changes.Text(1);
                if (key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    var value = changes.IsNull(3) ? null : changes.Bytes(3);
                    items.Add(new StoreChange(key, value is null ? default(ReadOnlyMemory<byte>?) : value, revision, changes.Number(2)));
                    bytes += value?.Length ?? 0;
                }
            }

            return new StoreChanges(Math.Max(after, newest), items);
        }
        finally
        {
            EndTransaction();
        }
    }

    /// <summary>The newest revision, and the newest that was compacted.</summary>
    public (long Newest, long Compacted) ReadBounds()
    {
        bounds.Step();
        var result = (bounds.Number(0), bounds.Number(1));
        bounds.Reset();
        return result;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement?[])[begin, end, bounds, get, list, listKeys, count, changes, listPast])
        {
            statement?.Dispose();
        }

        database.Dispose();
    }

    private static void RefuseCompacted(long revision, long compacted)
    {
        if (revision < compacted)
        {
            throw new StoreException(StoreError.Compacted, $"revision {revision} was compacted; the oldest is {compacted}");
        }
    }

    private static List<StoreValue> ReadItems(SqliteStatement statement, StoreListOptions options)
    {
        var items = new List<StoreValue>(options.Limit > 0 ? Math.Min(options.Limit + 1, 1000) : 16);
        while (statement.Step())
        {
            var value = options.KeysOnly ? default(ReadOnlyMemory<byte>) : statement.Bytes(3);
            items.Add(new StoreValue(statement.Text(0), value, statement.Number(2), LogId.Revision(statement.Number(1))));
        }

        return items;
    }

    private SqliteStatement PastStatement() => listPast ??=
        database.Prepare($"SELECT p.key, p.id, v.created, v.value FROM ({Past}) p JOIN log v ON v.id = p.id ORDER BY p.key LIMIT ?3");

    private long CountAfter(string prefix, string last)
    {
        KeyRange.Under(prefix, last).BindTo(count, 1);
        count.Step();
        var number = count.Number(0);
        count.Reset();
        return number;
    }

    private void EndTransaction()
    {
        if (database.InTransaction)
        {
            end.Run();
        }
    }
}

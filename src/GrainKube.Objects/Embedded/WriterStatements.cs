using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Embedded;

/// <summary>The writer's prepared statements: one transaction of the store inside the SQLite transaction of its group.</summary>
internal sealed class WriterStatements(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatement find = database.Prepare("SELECT id, created FROM current WHERE key = ?1");
    private readonly SqliteStatement read = database.Prepare("SELECT value FROM log WHERE id = ?1");
    private readonly SqliteStatement append = database.Prepare("INSERT INTO log (id, key, previous, created, value) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly SqliteStatement point = database.Prepare(
        "INSERT INTO current (key, id, created, expires) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE SET id = ?2, created = ?3, expires = ?4");
    private readonly SqliteStatement remove = database.Prepare("DELETE FROM current WHERE key = ?1");

    private string? foundKey;
    private Place found;

    /// <summary>Where the newest value of a key is; default where the key is absent.</summary>
    private readonly record struct Place(long Id, long Created);

    /// <summary>Compares, and applies if all hold.</summary>
    /// <param name="newest">The store's revision before.</param>
    /// <param name="now">Against which expiry counts, in milliseconds.</param>
    /// <param name="changes">Receives what was changed.</param>
    public StoreCommit Apply(StoreTransaction transaction, long newest, long now, List<StoreChange> changes)
    {
        foundKey = null;
        foreach (var compare in transaction.Compares)
        {
            if (LogId.Revision(Find(compare.Key).Id) != compare.Revision)
            {
                return new StoreCommit(false, newest, ReadAll(transaction.Compares));
            }
        }

        var revision = newest + 1;
        var place = 0;
        foreach (var write in transaction.Changes)
        {
            if (write.Value is { } value)
            {
                Put(write, value, LogId.Of(revision, place++), now, changes);
            }
            else if (Delete(write.Key, LogId.Of(revision, place), changes))
            {
                place++;
            }
        }

        return new StoreCommit(true, place > 0 ? revision : newest, []);
    }

    /// <summary>Deletes a key if it is there.</summary>
    public bool Delete(string key, long id, List<StoreChange> changes)
    {
        var before = Find(key);
        if (before.Id == 0)
        {
            return false;
        }

        append.Bind(1, id).Bind(2, key).Bind(3, before.Id).Bind(4, 0L).BindNull(5).Run();
        remove.Bind(1, key).Run();
        foundKey = null;
        changes.Add(new StoreChange(key, null, LogId.Revision(id), 0));
        return true;
    }

    public void Dispose()
    {
        find.Dispose();
        read.Dispose();
        append.Dispose();
        point.Dispose();
        remove.Dispose();
    }

    private void Put(StoreWrite write, ReadOnlyMemory<byte> value, long id, long now, List<StoreChange> changes)
    {
        var before = Find(write.Key);
        var revision = LogId.Revision(id);
        var created = before.Id == 0 ? revision : before.Created;
        append.Bind(1, id).Bind(2, write.Key).Bind(3, before.Id).Bind(4, created).Bind(5, value.Span).Run();
        point.Bind(1, write.Key).Bind(2, id).Bind(3, created);
        (write.Expiry > TimeSpan.Zero ? point.Bind(4, Expiry.At(now, write.Expiry)) : point.BindNull(4)).Run();
        foundKey = null;
        changes.Add(new StoreChange(write.Key, value, revision, created));
    }

    /// <remarks>Remembers the last answer: a transaction mostly compares the key that it then changes.</remarks>
    private Place Find(string key)
    {
        if (ReferenceEquals(key, foundKey) || key == foundKey)
        {
            return found;
        }

        find.Bind(1, key);
        found = default;
        if (find.Step())
        {
            found = new Place(find.Number(0), find.Number(1));
            find.Reset();
        }

        foundKey = key;
        return found;
    }

    private StoreValue?[] ReadAll(IReadOnlyList<StoreCompare> compares)
    {
        var values = new StoreValue?[compares.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var key = compares[i].Key;
            if (Find(key) is { Id: > 0 } place && read.Bind(1, place.Id).Step())
            {
                values[i] = new StoreValue(key, read.Bytes(0), place.Created, LogId.Revision(place.Id));
                read.Reset();
            }
        }

        return values;
    }
}

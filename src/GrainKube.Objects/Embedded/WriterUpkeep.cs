using GrainKube.Objects.Embedded.Sqlite;

namespace GrainKube.Objects.Embedded;

/// <summary>What the writer does between groups, in slices short enough not to be felt: forgets history and deletes what expired.</summary>
internal sealed class WriterUpkeep : IDisposable
{
    private const int RevisionsPerSlice = 1000;
    private const int KeysPerSlice = 500;

    private readonly SqliteStatement mark;
    private readonly SqliteStatement sweepReplaced;
    private readonly SqliteStatement sweepDeleted;
    private readonly SqliteStatement expired;
    private readonly SqliteStatement nextExpiry;
    private long swept;

    public WriterUpkeep(SqliteDatabase database)
    {
        mark = database.Prepare("UPDATE position SET revision = ?2 WHERE name = ?1");
        sweepReplaced = database.Prepare("DELETE FROM log WHERE id IN (SELECT previous FROM log WHERE id >= ?1 AND id < ?2 AND previous > 0)");
        sweepDeleted = database.Prepare("DELETE FROM log WHERE id >= ?1 AND id < ?2 AND value IS NULL");
        expired = database.Prepare("SELECT key FROM current WHERE expires <= ?1 ORDER BY expires LIMIT ?2");
        nextExpiry = database.Prepare("SELECT ifnull(min(expires), 9223372036854775807) FROM current WHERE expires IS NOT NULL");
        swept = database.ReadNumber("SELECT revision FROM position WHERE name = 'swept'");
        Compacted = database.ReadNumber("SELECT revision FROM position WHERE name = 'compacted'");
    }

    /// <summary>Lists and watches from before this revision are refused.</summary>
    public long Compacted { get; private set; }

    /// <summary>Rows that only history needed are still there.</summary>
    public bool HasSweeping => swept < Compacted;

    /// <summary>Refuses the past up to a revision; its rows go later. Inside a transaction; call <see cref="Forgot"/> when that is durable.</summary>
    /// <param name="newest">Kept beside, because the newest row itself may be forgotten.</param>
    public void Forget(long revision, long newest)
    {
        Mark("compacted", revision);
        Mark("newest", newest);
    }

    public void Forgot(long revision) => Compacted = revision;

    /// <summary>Deletes some rows that nothing needs any more. Inside a transaction; call <see cref="Swept"/> when that is durable.</summary>
    /// <returns>Up to where it came.</returns>
    public long Sweep()
    {
        var to = Math.Min(Compacted, swept + RevisionsPerSlice);
        var (first, end) = (LogId.First(swept + 1), LogId.First(to + 1));
        sweepReplaced.Bind(1, first).Bind(2, end).Run();
        sweepDeleted.Bind(1, first).Bind(2, end).Run();
        Mark("swept", to);
        return to;
    }

    public void Swept(long revision) => swept = revision;

    /// <summary>When the next key expires, in milliseconds since the epoch.</summary>
    public long NextExpiry()
    {
        nextExpiry.Step();
        var next = nextExpiry.Number(0);
        nextExpiry.Reset();
        return next;
    }

    /// <summary>Some keys whose time is over.</summary>
    public List<string> Expired(long now)
    {
        var keys = new List<string>();
        expired.Bind(1, now).Bind(2, KeysPerSlice);
        while (expired.Step())
        {
            keys.Add(expired.Text(0));
        }

        return keys;
    }

    public void Dispose()
    {
        mark.Dispose();
        sweepReplaced.Dispose();
        sweepDeleted.Dispose();
        expired.Dispose();
        nextExpiry.Dispose();
    }

    private void Mark(string name, long revision) => mark.Bind(1, name).Bind(2, revision).Run();
}

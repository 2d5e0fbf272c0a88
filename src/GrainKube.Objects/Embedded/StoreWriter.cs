using GrainKube.Objects.Embedded.Sqlite;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Embedded;

/// <summary>The one writer: a thread that commits everything waiting in one SQLite transaction, so that they share its one wait for the disk.</summary>
/// <remarks>A thread and not a task, because it is blocked in <c>fsync</c> for most of its life and a pool of two threads would be halved by it.</remarks>
internal sealed partial class StoreWriter : IDisposable
{
    private readonly WriterQueue queue = new();
    private readonly StoreFile file;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RecentChanges recent;
    private readonly long logLimit;
    private readonly SqliteDatabase database;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly WriterStatements statements;
    private readonly WriterUpkeep upkeep;
    private readonly Checkpointer checkpointer;
    private readonly Thread thread;

    private readonly List<StoreChange> changes = [];
    private List<PendingCommit> group = [];
    private long written;
    private bool expiring;
    private bool sweeping;

    public StoreWriter(StoreFile file, RecentChanges recent, EmbeddedStoreOptions options, TimeProvider time, ILogger logger)
    {
        (this.file, this.recent, this.time, this.logger, logLimit) = (file, recent, time, logger, options.LogLimit);
        database = file.Open();
        begin = database.Prepare("BEGIN IMMEDIATE");
        commit = database.Prepare("COMMIT");
        statements = new WriterStatements(database);
        upkeep = new WriterUpkeep(database);
        checkpointer = new Checkpointer(file, Checkpointed, logger);
        thread = new Thread(Run) { IsBackground = true, Name = "store writer" };
        thread.Start();
    }

    public Task<StoreCommit> CommitAsync(StoreTransaction transaction)
    {
        var pending = new PendingCommit(transaction);
        queue.Add(pending);
        return pending.Task;
    }

    public Task CompactAsync(long revision)
    {
        var pending = new PendingCompaction(revision);
        queue.Add(pending);
        return pending.Task;
    }

    /// <summary>A minute is over.</summary>
    public void Tick() => queue.Tick();

    /// <summary>Commits what is waiting, then ends.</summary>
    public void Dispose()
    {
        queue.Close();
        thread.Join();
        checkpointer.Dispose();
        upkeep.Dispose();
        statements.Dispose();
        begin.Dispose();
        commit.Dispose();
        database.Dispose();
    }

    private void Run()
    {
        while (queue.Take(ref group, expiring || sweeping, out var work))
        {
            if (group.Count > 0)
            {
                Commit(group, 0, group.Count);
                group.Clear();
            }

            if (work.Tick)
            {
                (expiring, sweeping) = (true, upkeep.HasSweeping);
            }

            if (work.Compaction is { } compaction)
            {
                Compact(compaction);
            }

            expiring = expiring && DeleteExpired();
            sweeping = sweeping && Sweep();
            if (work.LogSize > 0)
            {
                BeginLogAnew(work.LogSize);
            }
        }
    }

    private void Commit(List<PendingCommit> commits, int first, int count)
    {
        var newest = recent.Revision;
        var failure = Transact(() =>
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = first; i < first + count; i++)
            {
                commits[i].Answer = statements.Apply(commits[i].Transaction, newest, now, changes);
                newest = commits[i].Answer.Revision;
            }
        });
        if (failure is not null && count > 1 && failure.Error != StoreError.OutcomeUnknown)
        {
            for (var i = first; i < first + count; i++)
            {
                Commit(commits, i, 1); // One that is too large for the disk does not take the others with it.
            }

            return;
        }

        Publish(failure is null, newest);
        for (var i = first; i < first + count; i++)
        {
            if (failure is null)
            {
                commits[i].SetResult(commits[i].Answer);
            }
            else
            {
                commits[i].SetException(failure);
            }
        }
    }

    private void Compact(PendingCompaction compaction)
    {
        var newest = recent.Revision;
        if (compaction.Revision > newest)
        {
            compaction.SetException(new StoreException(StoreError.FutureRevision, $"revision {compaction.Revision} does not exist yet; the newest is {newest}"));
            return;
        }

        if (compaction.Revision > upkeep.Compacted)
        {
            if (Transact(() => upkeep.Forget(compaction.Revision, newest)) is { } failure)
            {
                compaction.SetException(failure);
                return;
            }

            upkeep.Forgot(compaction.Revision);
            sweeping = true;
            LogCompacted(compaction.Revision, newest);
        }

        compaction.SetResult();
    }

    /// <returns>There may be more.</returns>
    private bool DeleteExpired()
    {
        var newest = recent.Revision;
        if (upkeep.NextExpiry() > time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return false; // Nothing to do must cost no transaction.
        }

        var failure = Transact(() =>
        {
            var place = 0;
            foreach (var key in upkeep.Expired(time.GetUtcNow().ToUnixTimeMilliseconds()))
            {
                statements.Delete(key, LogId.Of(newest + 1, place++), changes);
            }
        });
        Publish(failure is null, newest + 1);
        return failure is null;
    }

    /// <returns>There is more.</returns>
    private bool Sweep()
    {
        var reached = 0L;
        if (Transact(() => reached = upkeep.Sweep()) is not null)
        {
            return false; // Logged; the next tick tries again.
        }

        upkeep.Swept(reached);
        return upkeep.HasSweeping;
    }

    private void Publish(bool committed, long revision)
    {
        if (committed && changes.Count > 0)
        {
            recent.Publish(changes, revision);
        }

        changes.Clear();
    }

    /// <returns>Null if it is durable.</returns>
    private StoreException? Transact(Action work)
    {
        var committing = false;
        try
        {
            begin.Run();
            work();
            committing = true;
            commit.Run();
            NoteWritten();
            return null;
        }
        catch (SqliteFailure failure)
        {
            changes.Clear();
            if (database.InTransaction)
            {
                database.Execute("ROLLBACK");
            }

            LogFailed(file.Path, failure.Message, failure.ExtendedCode);
            return failure.ToStoreException(file.Path, committing);
        }
    }

    private void NoteWritten()
    {
        foreach (var change in changes)
        {
            written += (change.Value?.Length ?? 0) + (2 * StoreFile.PageSize); // The log holds whole pages: about two more for a change.
        }

        if (written > Checkpointer.Worthwhile)
        {
            written = 0;
            checkpointer.Wake();
        }
    }

    private void Checkpointed(long logSize)
    {
        if (logSize > 2 * Checkpointer.Worthwhile)
        {
            queue.BeginLogAnew(logSize);
        }
    }

    /// <summary>Lets the log begin at its start again, which under steady writing never happens by itself. Most of it was copied a moment ago.</summary>
    private void BeginLogAnew(long size)
    {
        database.WaitForLocks(TimeSpan.Zero); // A reader in the way: another time.
        try
        {
            database.Checkpoint(size > logLimit ? SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE : SQLitePCL.raw.SQLITE_CHECKPOINT_RESTART);
        }
        catch (SqliteFailure failure)
        {
            LogFailed(file.Path, failure.Message, failure.ExtendedCode);
        }

        database.WaitForLocks(TimeSpan.FromSeconds(5));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store {Path} failed: {Reason} ({Code})")]
    private partial void LogFailed(string path, string reason, int code);

    [LoggerMessage(Level = LogLevel.Debug, Message = "History up to revision {Compacted} of {Newest} is forgotten")]
    private partial void LogCompacted(long compacted, long newest);
}

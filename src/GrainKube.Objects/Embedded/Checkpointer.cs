using GrainKube.Objects.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Embedded;

/// <summary>Copies the write-ahead log into the database file, on a thread of its own, beside the writer.</summary>
internal sealed partial class Checkpointer : IDisposable
{
    /// <summary>Bytes of log after which it is worth a pass.</summary>
    public const long Worthwhile = 8 << 20;

    private readonly object gate = new();
    private readonly StoreFile file;
    private readonly Action<long> copied;
    private readonly ILogger logger;
    private readonly Thread thread;
    private bool wanted;
    private bool stopping;

    /// <param name="copied">Told the size of the log after each pass.</param>
    public Checkpointer(StoreFile file, Action<long> copied, ILogger logger)
    {
        this.file = file;
        this.copied = copied;
        this.logger = logger;
        thread = new Thread(Run) { IsBackground = true, Name = "store checkpoints" };
        thread.Start();
    }

    public void Wake()
    {
        lock (gate)
        {
            wanted = true;
            Monitor.Pulse(gate);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
    }

    private void Run()
    {
        SqliteDatabase? database = null;
        while (WaitForWork())
        {
            try
            {
                database ??= file.Open();
                if (database.Checkpoint(SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE) is { } result)
                {
                    copied((long)result.Log * StoreFile.PageSize);
                }
            }
            catch (SqliteFailure failure)
            {
                LogFailed(failure.Message); // The log keeps everything; the next pass tries again.
            }
        }

        database?.Dispose();
    }

    private bool WaitForWork()
    {
        lock (gate)
        {
            while (!wanted && !stopping)
            {
                Monitor.Wait(gate);
            }

            wanted = false;
            return !stopping;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint of the store failed: {Reason}")]
    private partial void LogFailed(string reason);
}

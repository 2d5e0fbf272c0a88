using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Audit;

/// <summary>Events as lines of a file, written by one writer in the order in which they came.</summary>
internal sealed partial class LogFileSink : IAuditSink, IAsyncDisposable
{
    private const int Waiting = 10_000;
    private static readonly Meter Meter = new("GrainKube.ApiServer");
    private static readonly Counter<long> Lost = Meter.CreateCounter<long>("apiserver_audit_error_total");
    private static readonly Counter<long> Written = Meter.CreateCounter<long>("apiserver_audit_event_total");
    private readonly Channel<ReadOnlyMemory<byte>> queue;
    private readonly LogFile file;
    private readonly ILogger<LogFileSink> log;
    private readonly Task writing;

    public LogFileSink(AuditOptions options, TimeProvider time, ILogger<LogFileSink> log)
    {
        this.log = log;
        file = new LogFile(options, time);
        queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = options.LogMayDrop ? BoundedChannelFullMode.DropWrite : BoundedChannelFullMode.Wait },
            static _ => Lost.Add(1, new KeyValuePair<string, object?>("plugin", "log")));
        writing = Task.Run(WriteAllAsync);
    }

    public ValueTask TakeAsync(ReadOnlyMemory<byte> line) => queue.Writer.TryWrite(line) ? default : WaitAsync(line);

    /// <summary>Writes what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
        file.Dispose();
    }

    private async ValueTask WaitAsync(ReadOnlyMemory<byte> line)
    {
        try
        {
            await queue.Writer.WriteAsync(line);
        }
        catch (ChannelClosedException)
        {
            Lost.Add(1, new KeyValuePair<string, object?>("plugin", "log")); // the server is stopping
        }
    }

    private async Task WriteAllAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            try
            {
                while (queue.Reader.TryRead(out var line))
                {
                    file.Write(line.Span);
                    Written.Add(1);
                }

                file.Flush();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Lost.Add(1, new KeyValuePair<string, object?>("plugin", "log"));
                LogLost(failure);
                file.Dispose();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An event of the audit log could not be written")]
    private partial void LogLost(Exception failure);
}

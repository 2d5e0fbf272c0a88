using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Agent;

/// <summary>Does something every so often, never twice at once. What fails is logged, and tried again when it is due.</summary>
internal sealed partial class Periodic : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Func<CancellationToken, Task> work;
    private readonly ILogger logger;
    private readonly ITimer timer;
    private Task running = Task.CompletedTask;

    public Periodic(TimeProvider time, TimeSpan period, Func<CancellationToken, Task> work, ILogger logger)
    {
        (this.work, this.logger) = (work, logger);
        timer = time.CreateTimer(static self => ((Periodic)self!).Tick(), this, period, period);
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await stop.CancelAsync();
        Task last;
        lock (gate)
        {
            last = running;
        }

        await last;
        stop.Dispose();
    }

    private void Tick()
    {
        lock (gate)
        {
            if (running.IsCompleted && !stop.IsCancellationRequested)
            {
                running = Task.Run(RunAsync);
            }
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await work(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The kubelet is stopping.
        }
        catch (Exception failed)
        {
            LogFailed(failed);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A periodic task of the kubelet failed; it is tried again when it is due")]
    private partial void LogFailed(Exception exception);
}

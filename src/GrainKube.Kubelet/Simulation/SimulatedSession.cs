using System.Threading.Channels;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Simulation;

/// <summary>A session whose input comes back as its output.</summary>
internal sealed class SimulatedSession : IContainerSession
{
    private readonly Channel<SessionOutput> output = Channel.CreateUnbounded<SessionOutput>();
    private readonly int? exitCode;

    /// <param name="end">Ends the output; null where the end of input does.</param>
    /// <param name="exitCode">What the command comes to.</param>
    public SimulatedSession(Task? end, int? exitCode)
    {
        this.exitCode = exitCode;
        end?.ContinueWith(_ => output.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask<SessionOutput?> ReadAsync(CancellationToken cancel) =>
        await output.Reader.WaitToReadAsync(cancel) && output.Reader.TryRead(out var piece) ? piece : null;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        output.Writer.TryWrite(new SessionOutput(IsStderr: false, data.ToArray()));
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseInputAsync(CancellationToken cancel)
    {
        output.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask ResizeAsync(ushort width, ushort height, CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask<int?> GetExitCodeAsync(CancellationToken cancel) => ValueTask.FromResult(exitCode);

    public ValueTask DisposeAsync()
    {
        output.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}

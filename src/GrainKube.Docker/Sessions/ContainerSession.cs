using Docker.DotNet;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Docker.Sessions;

/// <summary>The hijacked connection of an exec or an attach.</summary>
internal sealed class ContainerSession(DockerEngine engine, MultiplexedStream stream, bool tty, ISessionTarget target) : IContainerSession
{
    private const byte EndOfTransmission = 0x04;

    private readonly byte[] buffer = new byte[32 * 1024];
    private int disposed;

    public async ValueTask<SessionOutput?> ReadAsync(CancellationToken cancel)
    {
        var piece = await engine.CallAsync(_ => stream.ReadOutputAsync(buffer, 0, buffer.Length, cancel), cancel);
        return piece.EOF
            ? null
            : new SessionOutput(piece.Target == MultiplexedStream.TargetStream.StandardError, buffer.AsSpan(0, piece.Count).ToArray());
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        var bytes = data.ToArray();
        await engine.CallAsync(_ => stream.WriteAsync(bytes, 0, bytes.Length, cancel), cancel);
    }

    public async ValueTask CloseInputAsync(CancellationToken cancel)
    {
        if (tty)
        {
            // A half-closed connection loses the terminal's output; the terminal itself knows a character for the end.
            await WriteAsync(new[] { EndOfTransmission }, cancel);
        }
        else
        {
            stream.CloseWrite();
        }
    }

    public async ValueTask ResizeAsync(ushort width, ushort height, CancellationToken cancel) => await target.ResizeAsync(width, height, cancel);

    public async ValueTask<int?> GetExitCodeAsync(CancellationToken cancel) => await target.GetExitCodeAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            stream.Dispose();
            await target.EndAsync();
        }
    }
}

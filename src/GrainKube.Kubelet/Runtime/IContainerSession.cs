namespace GrainKube.Kubelet.Runtime;

/// <summary>The streams of a command in a container.</summary>
public interface IContainerSession : IAsyncDisposable
{
    /// <summary>The next piece of output (never a buffer that is used again), or null at the end.</summary>
    ValueTask<SessionOutput?> ReadAsync(CancellationToken cancel);

    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel);

    /// <summary>Closes standard input; output goes on.</summary>
    ValueTask CloseInputAsync(CancellationToken cancel);

    ValueTask ResizeAsync(ushort width, ushort height, CancellationToken cancel);

    /// <summary>The exit code after the end of output; null for an attach.</summary>
    ValueTask<int?> GetExitCodeAsync(CancellationToken cancel);
}

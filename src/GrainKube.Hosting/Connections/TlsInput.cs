using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;

namespace GrainKube.Hosting.Connections;

/// <summary>
/// Reads ahead of the HTTP server, so that a client that leaves in the middle of a watch is noticed. What was read is handled on the thread that read it.
/// </summary>
internal sealed class TlsInput(SslStream tls, SocketConnection connection)
{
    private readonly Pipe pipe = new(new PipeOptions(
        connection.MemoryPool, readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));

    public PipeReader Reader => pipe.Reader;

    /// <summary>Until the client has said its last, the server wants no more, or the connection is gone.</summary>
    public async Task RunAsync()
    {
        Exception? error = null;
        try
        {
            while (true)
            {
                _ = await tls.ReadAsync(Memory<byte>.Empty); // no buffer while there is nothing to read
                var read = await tls.ReadAsync(pipe.Writer.GetMemory());
                if (read == 0)
                {
                    break;
                }

                pipe.Writer.Advance(read);
                if ((await pipe.Writer.FlushAsync()).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception gone) when (ClientGone.Is(gone))
        {
            error = new ConnectionResetException("The client is gone.", gone);
        }

        await pipe.Writer.CompleteAsync(error);
        connection.TellOfEnd();
    }
}

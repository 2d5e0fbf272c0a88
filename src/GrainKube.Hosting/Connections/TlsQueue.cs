using System.IO.Pipelines;
using System.Net.Security;

namespace GrainKube.Hosting.Connections;

/// <summary>Encrypts and sends what others have written, as much as is there at a time: many answers of one connection leave together.</summary>
internal sealed class TlsQueue(SslStream tls, SocketConnection connection)
{
    private const int Segment = 64 << 10;
    private const int Most = 4 << 20;
    private readonly Pipe pipe = new(new PipeOptions(minimumSegmentSize: Segment, pauseWriterThreshold: Most, resumeWriterThreshold: Most / 2, useSynchronizationContext: false));

    public PipeWriter Writer => pipe.Writer;

    /// <summary>Until the server has said its last, or the client is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var read = await pipe.Reader.ReadAsync();
                foreach (var part in read.Buffer)
                {
                    await tls.WriteAsync(part);
                }

                await tls.FlushAsync();
                pipe.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception gone) when (ClientGone.Is(gone))
        {
            connection.Close();
        }

        await pipe.Reader.CompleteAsync();
    }
}

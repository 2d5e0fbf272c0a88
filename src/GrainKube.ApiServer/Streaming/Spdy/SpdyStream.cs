using System.IO.Pipelines;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>A stream that the client opened. What it sends is read from <see cref="Input"/>, which ends when the client closes its side.</summary>
internal sealed class SpdyStream
{
    /// <summary>How much may lie unread before the whole connection waits. The clients of Kubernetes keep no windows, so waiting is all there is.</summary>
    private const int MostUnread = 1024 * 1024;

    private readonly SpdyConnection connection;
    private readonly Pipe input = new(new PipeOptions(pauseWriterThreshold: MostUnread, resumeWriterThreshold: MostUnread / 2, useSynchronizationContext: false));
    private bool closed;

    public SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers)
    {
        this.connection = connection;
        Id = id;
        Headers = headers;
    }

    public int Id { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public PipeReader Input => input.Reader;

    /// <summary>Whether the client has closed its side.</summary>
    public bool InputEnded { get; private set; }

    /// <summary>Whether our side is closed.</summary>
    public bool OutputEnded => closed;

    internal PipeWriter Received => input.Writer;

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Sends bytes; waits while the client does not read.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        if (!closed && data.Length > 0)
        {
            await connection.SendDataAsync(Id, data, final: false, cancel);
        }
    }

    /// <summary>Closes our side; the client's stays open.</summary>
    public async ValueTask CloseAsync(CancellationToken cancel)
    {
        if (!closed)
        {
            closed = true;
            await connection.SendDataAsync(Id, default, final: true, cancel);
            connection.Forget(this);
        }
    }

    /// <summary>Ends both sides at once.</summary>
    public async ValueTask ResetAsync(SpdyReset why, CancellationToken cancel)
    {
        closed = true;
        await EndInputAsync();
        await connection.ResetAsync(Id, why, cancel);
        connection.Forget(this);
    }

    internal async ValueTask EndInputAsync()
    {
        if (!InputEnded)
        {
            InputEnded = true;
            await input.Writer.CompleteAsync();
        }
    }

    /// <summary>The client has reset the stream.</summary>
    internal async ValueTask AbandonAsync()
    {
        closed = true;
        await EndInputAsync();
    }
}

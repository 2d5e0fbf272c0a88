using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;

namespace GrainKube.Hosting.Connections;

/// <summary>Collects what is written and, at a flush, encrypts and sends it on the caller's thread. For connections with one answer at a time.</summary>
internal sealed class TlsOutput(SslStream tls, SocketConnection connection) : PipeWriter
{
    private const int SegmentSize = 16 << 10;
    private readonly List<Segment> full = [];
    private byte[] current = [];
    private int used;
    private bool ended;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => used + full.Sum(segment => (long)segment.Length);

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (current.Length - used < wanted)
        {
            Put();
            current = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, SegmentSize));
        }

        return current.AsMemory(used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => used += bytes;

    /// <summary>Nobody waits any more: what was to be sent is of no use.</summary>
    public override void CancelPendingFlush() => connection.Close();

    /// <summary>What is not flushed is not sent: whoever completes an answer flushes it first.</summary>
    public override void Complete(Exception? exception = null)
    {
        ended = true;
        Put();
        Return();
    }

    /// <summary>Sends everything. Who gives up waiting ends the connection: half a record of it may be on its way.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var sending = ended ? ValueTask.CompletedTask : SendAsync();
        return sending.IsCompletedSuccessfully ? new(new FlushResult(isCanceled: false, isCompleted: ended)) : WaitAsync(sending, cancellationToken);
    }

    private async ValueTask<FlushResult> WaitAsync(ValueTask sending, CancellationToken cancel)
    {
        await using var givesUp = cancel.UnsafeRegister(static connection => ((SocketConnection)connection!).Close(), connection);
        await sending;
        cancel.ThrowIfCancellationRequested();
        return new FlushResult(isCanceled: false, isCompleted: ended);
    }

    private async ValueTask SendAsync()
    {
        Put();
        try
        {
            foreach (var segment in full)
            {
                await tls.WriteAsync(segment.Buffer.AsMemory(0, segment.Length), CancellationToken.None);
            }

            await tls.FlushAsync(CancellationToken.None);
        }
        catch (Exception gone) when (ClientGone.Is(gone))
        {
            ended = true;
            connection.Close();
        }

        Return();
    }

    /// <summary>Puts what was written last to the rest.</summary>
    private void Put()
    {
        if (used > 0)
        {
            full.Add(new Segment(current, used));
        }
        else if (current.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(current);
        }

        (current, used) = ([], 0);
    }

    private void Return()
    {
        foreach (var segment in full)
        {
            ArrayPool<byte>.Shared.Return(segment.Buffer);
        }

        full.Clear();
    }

    private readonly record struct Segment(byte[] Buffer, int Length);
}

using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Streaming.Spdy;

namespace GrainKube.ApiServer.Streaming.PortForward;

/// <summary>Forwards over SPDY: for each connection the client opens an error and a data stream, which name the port and share a request's number.</summary>
internal sealed class PortForwardSession(SpdyConnection connection, PodConnections connections, KubeObject pod, TimeProvider time)
{
    private static readonly TimeSpan PairTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Half> halves = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Returns when the client has closed the connection.</summary>
    public async Task RunAsync(CancellationToken aborted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var reading = ReadAsync(over);
        var forwards = new List<Task>();
        try
        {
            await foreach (var stream in connection.Opened.ReadAllAsync(CancellationToken.None))
            {
                forwards.RemoveAll(forward => forward.IsCompletedSuccessfully);
                forwards.Add(TakeAsync(stream, over.Token));
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll([reading, .. forwards]);
        }
    }

    private async Task ReadAsync(CancellationTokenSource over)
    {
        try
        {
            await connection.RunAsync(over.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException || error is System.Net.WebSockets.WebSocketException)
        {
            // The client has left.
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task TakeAsync(SpdyStream stream, CancellationToken cancel)
    {
        try
        {
            var isError = stream.Header("streamtype") == "error";
            if ((!isError && stream.Header("streamtype") != "data")
                || !int.TryParse(stream.Header("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                await stream.ResetAsync(SpdyReset.RefusedStream, cancel);
                return;
            }

            if (await OtherHalfAsync(stream, isError, cancel) is not { } other)
            {
                return;
            }

            var (errors, data) = isError ? (stream, other) : (other, stream);
            await ForwardAsync(port, errors, data, cancel);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException || error is System.Net.WebSockets.WebSocketException)
        {
            // The client has left.
        }
    }

    /// <returns>The stream that came first where this is the second of a pair; null for a first, which waits here until it is fetched.</returns>
    private async Task<SpdyStream?> OtherHalfAsync(SpdyStream stream, bool isError, CancellationToken cancel)
    {
        // Very old clients number nothing: there the data stream follows its error stream.
        var request = stream.Header("requestid") is { Length: > 0 } id ? id : (isError ? stream.Id : stream.Id - 2).ToString(CultureInfo.InvariantCulture);
        var mine = new Half(stream, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (halves.Remove(request, out var first))
            {
                first.Fetched.SetResult();
                return first.Stream;
            }

            halves[request] = mine;
        }

        await Task.WhenAny(mine.Fetched.Task, Task.Delay(PairTimeout, time, cancel));
        bool alone;
        lock (gate)
        {
            alone = halves.Remove(request);
        }

        if (alone)
        {
            await stream.ResetAsync(SpdyReset.Cancel, cancel);
        }

        return null;
    }

    private async Task ForwardAsync(int port, SpdyStream errors, SpdyStream data, CancellationToken cancel)
    {
        try
        {
            await using var opened = await connections.OpenAsync(pod, "", port);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var input = InputAsync(data, opened, over.Token);
            await foreach (var piece in opened.ReadAllAsync(cancel))
            {
                await data.WriteAsync(piece, cancel);
            }

            await data.CloseAsync(cancel);
            await over.CancelAsync(); // nobody is there to read what the client may still send
            await input;
        }
        catch (Exception error) when (error is ApiException or OrleansException || (error is IOException && !cancel.IsCancellationRequested))
        {
            var message = $"error forwarding port {port} to pod {pod.Header.Uid}, uid : {error.Message}";
            await errors.WriteAsync(Encoding.UTF8.GetBytes(message), cancel);
        }
        finally
        {
            if (!cancel.IsCancellationRequested)
            {
                await errors.CloseAsync(cancel);
                await data.CloseAsync(cancel);
            }
        }
    }

    private static async Task InputAsync(SpdyStream data, NodeConnection opened, CancellationToken cancel)
    {
        try
        {
            await foreach (var piece in SpdySession.PiecesAsync(data.Input, cancel))
            {
                await opened.WriteAsync(piece);
            }

            await opened.WriteAsync([]);
        }
        catch (Exception error) when (error is ApiException or OrleansException or OperationCanceledException)
        {
            // The pod reads no more, or the forward is over.
        }
        finally
        {
            await data.Input.CompleteAsync();
        }
    }

    private sealed record Half(SpdyStream Stream, TaskCompletionSource Fetched);
}

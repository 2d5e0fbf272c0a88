using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.StaticPods;
using GrainKube.Objects.Nodes;
using k8s.Models;

namespace GrainKube.Kubelet.Streams;

/// <summary>Reads a container's log as clients get it.</summary>
internal static class LogReader
{
    private const int PieceSize = 32 * 1024;

    public static async IAsyncEnumerable<byte[]> ReadAsync(NodeServices node, ContainerLogRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var container = await FindAsync(node, request, cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var lines = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(1024) { SingleReader = true, SingleWriter = true });
        var query = new LogQuery(request.Follow && !request.Previous, request.TailLines, request.Since);
        var pump = Task.Run(() => PumpAsync(node.Runtime.Containers.ReadLogAsync(container.Id, query, stop.Token), lines.Writer), CancellationToken.None);
        try
        {
            // Whoever follows is told at once that there is a log; others when it is known that it can be read.
            if (!query.Follow)
            {
                await lines.Reader.WaitToReadAsync(cancel);
            }

            yield return [];
            var framing = new LogFraming(request);
            var buffer = new ArrayBufferWriter<byte>(PieceSize);
            while (!framing.IsFull && await lines.Reader.WaitToReadAsync(cancel))
            {
                while (buffer.WrittenCount < PieceSize && !framing.IsFull && lines.Reader.TryRead(out var line))
                {
                    framing.Write(line, buffer);
                }

                if (buffer.WrittenCount > 0)
                {
                    yield return buffer.WrittenSpan.ToArray();
                    buffer.ResetWrittenCount();
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pump;
        }
    }

    private static async Task PumpAsync(IAsyncEnumerable<LogLine> log, ChannelWriter<LogLine> lines)
    {
        try
        {
            await foreach (var line in log)
            {
                await lines.WriteAsync(line);
            }

            lines.Complete();
        }
        catch (OperationCanceledException)
        {
            lines.Complete();
        }
        catch (RuntimeException failed)
        {
            lines.Complete(ApiException.InternalError(failed.Message));
        }
    }

    private static async Task<ContainerState> FindAsync(NodeServices node, ContainerLogRequest request, CancellationToken cancel)
    {
        var state = await node.Picture.GetAsync(StaticIdentity.Of(node.View, request.Namespace, request.Pod, request.PodUid), cancel);
        if (request.Previous)
        {
            return state.Previous(request.Container) is { } previous && previous.HasEnded()
                ? previous
                : throw ApiException.BadRequest($"previous terminated container \"{request.Container}\" in pod \"{request.Pod}\" not found");
        }

        var latest = state.Latest(request.Container);
        if (latest is not null && latest.Phase != ContainerPhase.Created)
        {
            return latest;
        }

        if (latest is not null && latest.HasEnded())
        {
            return latest;
        }

        var status = node.View.Get(Keys.Pod(request.Namespace, request.Pod))?.As<V1Pod>().Status;
        var known = (status?.ContainerStatuses ?? []).Concat(status?.InitContainerStatuses ?? []).FirstOrDefault(s => s.Name == request.Container);
        throw known?.State?.Waiting is { } waiting
            ? ApiException.BadRequest(
                waiting.Reason is "ErrImagePull" or "ImagePullBackOff" or "ErrImageNeverPull" or "InvalidImageName"
                    ? $"container \"{request.Container}\" in pod \"{request.Pod}\" is waiting to start: {ImageTrouble(waiting.Reason)}"
                    : $"container \"{request.Container}\" in pod \"{request.Pod}\" is waiting to start: {waiting.Reason}")
            : ApiException.BadRequest($"container \"{request.Container}\" in pod \"{request.Pod}\" is not available");
    }

    private static string ImageTrouble(string reason) => reason switch
    {
        "ErrImagePull" => "image can't be pulled",
        "ImagePullBackOff" => "trying and failing to pull image",
        "InvalidImageName" => "InvalidImageName",
        _ => reason,
    };
}

/// <summary>Turns lines into the bytes of the answer: timestamps, the stream asked for, the limit.</summary>
internal sealed class LogFraming(ContainerLogRequest request)
{
    private long left = request.LimitBytes ?? long.MaxValue;
    private bool insideStdout;
    private bool insideStderr;

    public bool IsFull => left <= 0;

    public void Write(LogLine line, IBufferWriter<byte> output)
    {
        if ((request.Stream == "Stdout" && line.IsStderr) || (request.Stream == "Stderr" && !line.IsStderr))
        {
            return;
        }

        // A very long line comes in parts: only its first carries the time.
        var inside = line.IsStderr ? insideStderr : insideStdout;
        if (request.Timestamps && !inside)
        {
            Write(Encoding.ASCII.GetBytes(FormatTime(line.Time) + " "), output);
        }

        var cut = line.Text.Length == 0 || line.Text.Span[^1] != (byte)'\n';
        (insideStderr, insideStdout) = line.IsStderr ? (cut, insideStdout) : (insideStderr, cut);
        Write(line.Text.Span, output);
    }

    /// <summary>RFC 3339 with nine digits, as upstream's kubelet writes it.</summary>
    internal static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    private void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var some = bytes[..(int)Math.Min(bytes.Length, Math.Max(0, left))];
        output.Write(some);
        left -= some.Length;
    }
}

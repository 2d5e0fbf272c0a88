using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.StaticPods;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Streams;

/// <summary>The open sessions of a node: commands, attachments and connections.</summary>
internal sealed class StreamSessions(NodeServices node, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan UnreadLife = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Session> sessions = new(StringComparer.Ordinal);

    /// <param name="request">What is to run.</param>
    /// <param name="consumer">When it ends, so does the session.</param>
    /// <exception cref="ApiException">The container does not run, or the engine refuses.</exception>
    public async Task<string> OpenAsync(ContainerStreamRequest request, ConsumerLife? consumer = null)
    {
        var state = await node.Picture.GetAsync(StaticIdentity.Of(node.View, request.Namespace, request.Pod, request.PodUid), CancellationToken.None);
        if (state.Latest(request.Container) is not { Phase: ContainerPhase.Running } container)
        {
            throw new ApiException(new Status { Code = 404, Reason = "NotFound", Message = $"container not found (\"{request.Container}\")" });
        }

        var options = new ExecOptions(request.Command, request.Stdin, request.Stdout, request.Stderr, request.Tty);
        try
        {
            var opened = request.Command.Count > 0
                ? await node.Runtime.Containers.OpenExecAsync(container.Id, options, CancellationToken.None)
                : await node.Runtime.Containers.AttachAsync(container.Id, options, CancellationToken.None);
            return Keep(opened, consumer);
        }
        catch (RuntimeException failed)
        {
            throw ApiException.InternalError($"error executing command in container: {failed.Message}");
        }
    }

    /// <exception cref="ApiException">The pod does not run here, or nothing listens.</exception>
    public async Task<string> ConnectAsync(PodConnectionRequest request, ConsumerLife? consumer = null)
    {
        var state = await node.Picture.GetAsync(StaticIdentity.Of(node.View, request.Namespace, request.Pod, request.PodUid), CancellationToken.None);
        if (state.Sandbox is not { Running: true } sandbox)
        {
            throw new ApiException(new Status { Code = 404, Reason = "NotFound", Message = $"pod not found (\"{request.Pod}_{request.Namespace}({request.PodUid})\")" });
        }

        try
        {
            return Keep(await node.Runtime.Sandboxes.ConnectAsync(sandbox.Id, request.Address, request.Port, CancellationToken.None), consumer);
        }
        catch (RuntimeException failed)
        {
            throw ApiException.ServiceUnavailable(failed.Message);
        }
    }

    public async IAsyncEnumerable<StreamFrame> ReadAsync(string id, [EnumeratorCancellation] CancellationToken cancel)
    {
        var session = Find(id);
        session.Unread?.Dispose();
        try
        {
            string? failure = null;
            while (failure is null)
            {
                SessionOutput? piece = null;
                try
                {
                    piece = await session.Streams.ReadAsync(cancel);
                }
                catch (RuntimeException failed)
                {
                    failure = failed.Message;
                }

                if (piece is null)
                {
                    break;
                }

                yield return new StreamFrame(piece.IsStderr ? StreamChannel.Stderr : StreamChannel.Stdout, piece.Data);
            }

            var status = failure is null
                ? SessionStatus.OfExit(await session.Streams.GetExitCodeAsync(cancel))
                : SessionStatus.OfFailure(failure);
            yield return new StreamFrame(StreamChannel.Error, status);
        }
        finally
        {
            await CloseAsync(id);
        }
    }

    public async Task WriteAsync(string id, byte[] data)
    {
        var session = Find(id);
        try
        {
            await (data.Length == 0 ? session.Streams.CloseInputAsync(session.Closed) : session.Streams.WriteAsync(data, session.Closed));
        }
        catch (OperationCanceledException) when (session.Closed.IsCancellationRequested)
        {
            throw Ended();
        }
    }

    public async Task ResizeAsync(string id, ushort width, ushort height)
    {
        var session = Find(id);
        try
        {
            await session.Streams.ResizeAsync(width, height, session.Closed);
        }
        catch (Exception failed) when (failed is RuntimeException || (failed is OperationCanceledException && session.Closed.IsCancellationRequested))
        {
            // Another size than it wanted does a command no harm; it may be one without a terminal, or just ending.
        }
    }

    public async Task CloseAsync(string id)
    {
        if (sessions.TryRemove(id, out var session))
        {
            await session.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in sessions.Keys)
        {
            await CloseAsync(id);
        }
    }

    private string Keep(IContainerSession opened, ConsumerLife? consumer)
    {
        var id = Guid.NewGuid().ToString("n");
        var session = new Session(opened, consumer);
        sessions[id] = session;
        consumer?.Ended.Register(() => _ = CloseAsync(id));
        session.Unread = time.CreateTimer(_ => _ = CloseAsync(id), null, UnreadLife, Timeout.InfiniteTimeSpan);
        return id;
    }

    private Session Find(string id) =>
        sessions.GetValueOrDefault(id) ?? throw Ended();

    private static ApiException Ended() => new(new Status { Code = 404, Reason = "NotFound", Message = "the session has ended" });

    private sealed class Session(IContainerSession streams, ConsumerLife? consumer) : IAsyncDisposable
    {
        private readonly CancellationTokenSource closed = new();

        public IContainerSession Streams { get; } = streams;
        public ITimer? Unread { get; set; }
        public CancellationToken Closed => closed.Token;

        public async ValueTask DisposeAsync()
        {
            Unread?.Dispose();
            consumer?.Dispose();
            await closed.CancelAsync();
            await Streams.DisposeAsync();
        }
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Nodes;

namespace GrainKube.ApiServer.Tests.World;

/// <summary>A kubelet grain whose containers echo: logs tell the request, a command's output is its input in capitals.</summary>
internal sealed class SimulatedKubelet(SimulatedKubelet.Script script) : Grain, IKubeletGrain
{
    public Task StartAsync() => Task.CompletedTask;

    public Task<string> MakeVolumeAsync(string volume) => Task.FromResult("/volumes/" + volume);

    public Task RemoveVolumeAsync(string volume) => Task.CompletedTask;

    public Task RemoveHostPathAsync(string path) => Task.CompletedTask;

    /// <summary>One and a half cores in all, a quarter of one in a pod of uid <c>measured</c>.</summary>
    public Task<NodeUsage> GetUsageAsync() => Task.FromResult(new NodeUsage
    {
        Time = DateTimeOffset.UnixEpoch,
        Window = TimeSpan.FromSeconds(10),
        CpuNanocores = 1_500_000_000,
        MemoryBytes = 1L << 30,
        Pods = [new PodUsage("measured", "default", "measured", [new ContainerUsageRate("main", 250_000_000, 64 << 20)])],
    });

    public async IAsyncEnumerable<byte[]> ReadLogsAsync(ContainerLogRequest request, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.Yield();
        if (request.Container == "waiting")
        {
            throw ApiException.BadRequest($"container \"waiting\" in pod \"{request.Pod}\" is waiting to start: ContainerCreating");
        }

        yield return Encoding.UTF8.GetBytes($"first line of {request.Pod}/{request.Container}\n");
        yield return Encoding.UTF8.GetBytes($"tail={request.TailLines} previous={request.Previous}\n");
    }

    public Task<string> OpenStreamsAsync(ContainerStreamRequest request)
    {
        var session = Guid.NewGuid().ToString("N");
        var output = script.Sessions[session] = Channel.CreateUnbounded<StreamFrame>();
        if (!request.Stdin)
        {
            output.Writer.TryWrite(new StreamFrame(StreamChannel.Stdout, Encoding.UTF8.GetBytes(string.Join(' ', request.Command))));
            Finish(output);
        }

        return Task.FromResult(session);
    }

    public Task<string> ConnectAsync(PodConnectionRequest request)
    {
        if (request.Port == 81)
        {
            throw ApiException.ServiceUnavailable("dial tcp 127.0.0.1:81: connect: connection refused");
        }

        var session = Guid.NewGuid().ToString("N");
        script.Sessions[session] = Channel.CreateUnbounded<StreamFrame>();
        return Task.FromResult(session);
    }

    public Task<NodeAnswer> AskAsync(string path, CancellationToken cancel = default) => Task.FromResult(new NodeAnswer(200, "text/plain", Encoding.UTF8.GetBytes(path)));

    public IAsyncEnumerable<StreamFrame> ReadOutputAsync(string session, CancellationToken cancel = default) => script.Sessions[session].Reader.ReadAllAsync(cancel);

    public Task WriteInputAsync(string session, byte[] data)
    {
        var output = script.Sessions[session];
        if (data.Length == 0)
        {
            Finish(output);
        }
        else
        {
            output.Writer.TryWrite(new StreamFrame(StreamChannel.Stdout, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data).ToUpperInvariant())));
        }

        return Task.CompletedTask;
    }

    public Task ResizeAsync(string session, ushort width, ushort height)
    {
        script.Sessions[session].Writer.TryWrite(new StreamFrame(StreamChannel.Stdout, Encoding.UTF8.GetBytes($"{width}x{height}")));
        return Task.CompletedTask;
    }

    public Task CloseAsync(string session)
    {
        script.Closed.Add(session);
        return Task.CompletedTask;
    }

    private static void Finish(Channel<StreamFrame> output)
    {
        const string status = """{"metadata":{},"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""";
        output.Writer.TryWrite(new StreamFrame(StreamChannel.Error, Encoding.UTF8.GetBytes(status)));
        output.Writer.TryComplete();
    }

    internal sealed class Script
    {
        public ConcurrentDictionary<string, Channel<StreamFrame>> Sessions { get; } = new();

        public ConcurrentBag<string> Closed { get; } = [];
    }
}

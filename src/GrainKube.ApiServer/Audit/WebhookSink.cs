using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using System.Threading.Channels;
using k8s;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Audit;

/// <summary>Events as <c>EventList</c>s to a server that a kubeconfig names: many in one call, at most ten calls a second; what it does not keep up with is lost.</summary>
internal sealed partial class WebhookSink : IAuditSink, IAsyncDisposable
{
    private const int Waiting = 10_000;
    private const int Tries = 5;
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly Meter Meter = new("GrainKube.ApiServer");
    private static readonly Counter<long> Lost = Meter.CreateCounter<long>("apiserver_audit_error_total");
    private readonly Channel<ReadOnlyMemory<byte>> queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }, static _ => Count(1));
    private readonly CancellationTokenSource stopping = new();
    private readonly AuditOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<WebhookSink> log;
    private readonly Uri address;
    private readonly HttpClient client;
    private readonly Task sending;

    /// <exception cref="k8s.Exceptions.KubeConfigException">The file is no kubeconfig.</exception>
    public WebhookSink(AuditOptions options, TimeProvider time, ILogger<WebhookSink> log)
    {
        (this.options, this.time, this.log) = (options, time, log);
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(options.WebhookConfigFile);
        address = new Uri(config.Host);
        client = new HttpClient(WebhookHandler.For(config)) { Timeout = TimeSpan.FromSeconds(30) };
        if (config.AccessToken is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        sending = Task.Run(SendAllAsync);
    }

    public ValueTask TakeAsync(ReadOnlyMemory<byte> line)
    {
        queue.Writer.TryWrite(line);
        return default;
    }

    /// <summary>Sends what is waiting, once.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync();
        await sending;
        client.Dispose();
        stopping.Dispose();
    }

    private async Task SendAllAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            var batch = await CollectAsync();
            await SendAsync(batch);
            await PauseAsync(BetweenCalls);
        }
    }

    /// <summary>Until there are enough, or the first has waited long enough.</summary>
    private async Task<List<ReadOnlyMemory<byte>>> CollectAsync()
    {
        var batch = new List<ReadOnlyMemory<byte>>();
        using var late = new CancellationTokenSource(options.WebhookBatchMaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping.Token);
        try
        {
            while (batch.Count < options.WebhookBatchMaxSize && await queue.Reader.WaitToReadAsync(either.Token))
            {
                while (batch.Count < options.WebhookBatchMaxSize && queue.Reader.TryRead(out var line))
                {
                    batch.Add(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            while (batch.Count < options.WebhookBatchMaxSize && queue.Reader.TryRead(out var line))
            {
                batch.Add(line);
            }
        }

        return batch;
    }

    private async Task SendAsync(List<ReadOnlyMemory<byte>> batch)
    {
        var body = Body(batch);
        for (var (attempt, pause) = (1, FirstPause); batch.Count > 0; attempt++, pause *= 1.5)
        {
            try
            {
                using var content = new ReadOnlyMemoryContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await client.PostAsync(address, content);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                if (attempt >= Tries || stopping.IsCancellationRequested)
                {
                    Count(batch.Count);
                    LogLost(failure, batch.Count);
                    return;
                }
            }

            await PauseAsync(pause);
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The rest goes without pauses.
        }
    }

    private static ReadOnlyMemory<byte> Body(List<ReadOnlyMemory<byte>> batch)
    {
        var body = new ArrayBufferWriter<byte>(batch.Sum(line => line.Length + 1) + 128);
        body.Write("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":["""u8);
        for (var i = 0; i < batch.Count; i++)
        {
            body.Write(i == 0 ? [] : ","u8);
            body.Write(batch[i].Span);
        }

        body.Write("]}"u8);
        return body.WrittenMemory;
    }

    private static void Count(long lost) => Lost.Add(lost, new KeyValuePair<string, object?>("plugin", "webhook"));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} events did not reach the audit webhook")]
    private partial void LogLost(Exception failure, int count);
}

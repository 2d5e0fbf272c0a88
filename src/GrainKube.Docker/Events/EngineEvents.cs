using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Docker.DotNet.Models;
using GrainKube.Docker.Containers;
using GrainKube.Docker.Engine;
using GrainKube.Kubelet.Runtime;
using Microsoft.Extensions.Logging;

namespace GrainKube.Docker.Events;

/// <summary>The engine's events of this node's containers. A lost connection is made again, and told by a resync.</summary>
internal sealed partial class EngineEvents(DockerEngine engine, InspectedStates states, ILogger logger)
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(1);

    /// <summary>All that changes a container. Commands that probes run are told, too, three times each; nobody wants to hear of them.</summary>
    private static readonly string[] Changes = ["create", "start", "die", "destroy", "oom", "pause", "unpause", "update"];

    public async IAsyncEnumerable<RuntimeEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        // One slow reader must not hold up the connection, and events are small.
        var events = Channel.CreateUnbounded<RuntimeEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var follow = FollowAsync(events.Writer, stop.Token);
        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(cancel))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await follow;
        }
    }

    /// <summary>The event for the kubelet, or null where it is of no interest.</summary>
    internal static RuntimeEvent? Translate(Message message)
    {
        RuntimeEventKind? kind = message.Action switch
        {
            "start" => RuntimeEventKind.Started,
            "die" => RuntimeEventKind.Died,
            "destroy" => RuntimeEventKind.Removed,
            _ => null,
        };
        return kind is { } known ? new RuntimeEvent(known, EngineLabels.Of(message.Actor.Attributes, EngineLabels.PodUid), message.Actor.ID) : null;
    }

    private async Task FollowAsync(ChannelWriter<RuntimeEvent> events, CancellationToken cancel)
    {
        // The engine replays what it still remembers from then on, so nothing between the caller's call and the connection is lost.
        var since = engine.Time.GetUtcNow();
        try
        {
            while (true)
            {
                try
                {
                    await MonitorAsync(events, since, cancel);
                    LogLost(engine.Options.Endpoint, "the engine closed the connection");
                }
                catch (RuntimeException exception)
                {
                    LogLost(engine.Options.Endpoint, exception.Message);
                }

                await WaitForEngineAsync(cancel);
                since = engine.Time.GetUtcNow();
                states.DoubtAll();
                events.TryWrite(new RuntimeEvent(RuntimeEventKind.Resync, "", ""));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            events.TryComplete();
        }
        catch (Exception exception)
        {
            // The reader gets it.
            events.TryComplete(exception);
        }
    }

    private Task MonitorAsync(ChannelWriter<RuntimeEvent> events, DateTimeOffset since, CancellationToken cancel)
    {
        var parameters = new ContainerEventsParameters
        {
            Since = EngineTime.Query(since),
            Filters = new Dictionary<string, IDictionary<string, bool>>
            {
                ["type"] = new Dictionary<string, bool> { ["container"] = true },
                ["event"] = Changes.ToDictionary(change => change, _ => true),
                ["label"] = new Dictionary<string, bool> { [$"{EngineLabels.Node}={engine.Options.Node}"] = true },
            },
        };
        return engine.CallAsync(docker => docker.System.MonitorEventsAsync(parameters, new Receiver(events, states), cancel), cancel);
    }

    private async Task WaitForEngineAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(ReconnectPause, engine.Time, cancel);
            try
            {
                await engine.CallAsync(docker => docker.System.PingAsync(cancel), cancel);
                return;
            }
            catch (RuntimeException)
            {
                // Still away; that it is was logged when it went.
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the events of the container engine at {Endpoint}: {Reason}")]
    private partial void LogLost(string endpoint, string reason);

    private sealed class Receiver(ChannelWriter<RuntimeEvent> events, InspectedStates states) : IProgress<Message>
    {
        public void Report(Message value)
        {
            states.Doubt(value.Actor.ID);
            if (Translate(value) is { } item)
            {
                events.TryWrite(item);
            }
        }
    }
}

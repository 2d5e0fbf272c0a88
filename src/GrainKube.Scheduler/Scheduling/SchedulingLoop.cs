using System.Diagnostics.Metrics;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Client;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Queue;
using GrainKube.Scheduler.Volumes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>
/// The scheduler at work: takes in changes, decides for all pods that wait, assumes each decision, and binds without waiting. Everything but binding runs on one task.
/// </summary>
internal sealed partial class SchedulingLoop : IAsyncDisposable
{
    private static readonly GroupResource PodResource = new("", "pods");
    private static readonly GroupResource NodeResource = new("", "nodes");

    // Upstream's flush of pods that have waited long: a net below the wake-ups.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly Meter Meter = new("GrainKube.Scheduler");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("scheduler_schedule_attempts_total");
    private readonly Channel<Action> inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim binding = new(64);
    private readonly SemaphoreSlim refusing = new(16);
    private readonly CancellationTokenSource stopping = new();
    private readonly ResourceNames names;
    private readonly List<IDisposable> subscriptions = [];
    private readonly string name;
    private readonly ObjectClient objects;
    private readonly Binder binder;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Action fenceBroken;
    private readonly NodeTable nodes;
    private readonly SchedulingQueue queue;
    private readonly Placer placer;
    private readonly CachedVolumes volumes;
    private readonly VolumeBinder volumeBinder;
    private Task running = Task.CompletedTask;

    public SchedulingLoop(string name, ResourceNames names, ObjectClient objects, Binder binder, TimeProvider time, ILogger logger, Action fenceBroken)
    {
        (this.name, this.names) = (name, names);
        (this.objects, this.binder, this.time, this.logger, this.fenceBroken) = (objects, binder, time, logger, fenceBroken);
        nodes = new NodeTable(names);
        queue = new SchedulingQueue(time);
        volumes = new CachedVolumes(objects.Cache);
        volumeBinder = new VolumeBinder(objects, volumes, time);
        placer = Placer.Default(names, volumes, nodes.Claims, Random.Shared);
    }

    /// <summary>Subscribes, takes in the picture, and runs. The consistent-read barrier has been passed before.</summary>
    public void Start()
    {
        var (podKind, nodeKind) = (objects.Cache.Kind(PodResource), objects.Cache.Kind(NodeResource));
        subscriptions.Add(nodeKind.Subscribe(change => inbox.Writer.TryWrite(() => NodeChanged(change))));
        subscriptions.Add(podKind.Subscribe(change => inbox.Writer.TryWrite(() => PodChanged(change))));
        subscriptions.Add(volumes.Subscribe(() => inbox.Writer.TryWrite(queue.ClusterChanged)));

        // The picture is taken when it is its turn: older changes wait before it, and every later one comes behind it.
        inbox.Writer.TryWrite(() =>
        {
            foreach (var node in nodeKind.Snapshot.All)
            {
                nodes.Set(node);
            }

            foreach (var pod in podKind.Snapshot.All)
            {
                PodChanged(pod);
            }
        });
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in subscriptions)
        {
            subscription.Dispose();
        }

        // What is being bound ends by itself: the token stops it, and nothing reads the inbox any more.
        await stopping.CancelAsync();
        await running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                while (inbox.Reader.TryRead(out var action))
                {
                    action();
                }

                var ripe = queue.Ripen();
                DecideAll();
                await WaitAsync(ripe);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            // A fault of ours: the successor starts from the store.
            LogFailed(name, error);
            fenceBroken();
        }
    }

    private async Task WaitAsync(DateTimeOffset? until)
    {
        var wait = until is { } at ? at - time.GetUtcNow() : LongestWait;
        Action then = until is null ? queue.ClusterChanged : static () => { };
        await using var timer = time.CreateTimer(_ => inbox.Writer.TryWrite(then), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await inbox.Reader.WaitToReadAsync(stopping.Token);
    }

    private void DecideAll()
    {
        // Changes are taken in between batches so that decisions do not run far behind the world.
        for (var i = 0; i < 256 && queue.Next() is { } pod; i++)
        {
            var placement = placer.Place(pod, nodes.Nodes);
            if (placement.Node is { } node)
            {
                Count("scheduled");
                nodes.Place(pod, node.Name);
                _ = BindAsync(pod, node.Name);
            }
            else
            {
                Count("unschedulable");
                queue.Unschedulable(pod.Uid);
                _ = RefuseAsync(pod, placement.Failure);
            }
        }

        if (queue.HasReady)
        {
            inbox.Writer.TryWrite(() => { });
        }
    }

    private void Count(string result) => Attempts.Add(1, new("profile", name), new("result", result));

    private async Task BindAsync(PodRequest pod, string node)
    {
        var bound = false;
        var isWithoutVolumes = pod.Claims.Count > 0 && !await BindVolumesAsync(pod, node);
        await binding.WaitAsync(CancellationToken.None);
        try
        {
            bound = !isWithoutVolumes && await binder.BindAsync(pod, node, stopping.Token);
        }
        catch (FenceBrokenException)
        {
            fenceBroken();
        }
        catch (Exception error) when (error is ApiException or StoreException or TimeoutException or OperationCanceledException or Orleans.Runtime.OrleansException)
        {
            LogNotBound(pod.Key, node, error.Message);
        }
        catch (Exception error)
        {
            // A fault of ours, as in the loop: left at that, the pod would stay in flight for ever.
            LogFailed(name, error);
            fenceBroken();
        }
        finally
        {
            binding.Release();
        }

        inbox.Writer.TryWrite(() =>
        {
            if (bound)
            {
                queue.Remove(pod.Uid);
            }
            else if (queue.Failed(pod.Uid))
            {
                // Where its change came first, the store has spoken: the place it has there stands.
                nodes.Displace(pod.Uid);
            }
        });
    }

    /// <returns>True where all claims of the pod are bound.</returns>
    private async Task<bool> BindVolumesAsync(PodRequest pod, string node)
    {
        try
        {
            if (await volumeBinder.BindAsync(pod, node, stopping.Token) is not { } failure)
            {
                return true;
            }

            await RefuseAsync(pod, $"running PreBind plugin \"VolumeBinding\": {failure}");
        }
        catch (FenceBrokenException)
        {
            fenceBroken();
        }
        catch (Exception error) when (error is ApiException or StoreException or TimeoutException or OperationCanceledException or Orleans.Runtime.OrleansException)
        {
            LogNotBound(pod.Key, node, error.Message);
        }

        return false;
    }

    private async Task RefuseAsync(PodRequest pod, string why)
    {
        await refusing.WaitAsync(CancellationToken.None);
        try
        {
            await binder.RefuseAsync(pod, why, stopping.Token);
        }
        catch (FenceBrokenException)
        {
            fenceBroken();
        }
        catch (Exception error) when (error is ApiException or StoreException or TimeoutException or OperationCanceledException or Orleans.Runtime.OrleansException)
        {
            LogNotRefused(pod.Key, error.Message);
        }
        finally
        {
            refusing.Release();
        }
    }

    private void NodeChanged(ObjectChange change)
    {
        if (change.After is null)
        {
            nodes.Remove(change.Subject.Header.Name);
        }
        else if (nodes.Set(change.After))
        {
            queue.ClusterChanged();
        }
    }

    private void PodChanged(ObjectChange change)
    {
        if (change.After is not null)
        {
            PodChanged(change.After);
            return;
        }

        queue.Remove(change.Subject.Header.Uid);
        if (nodes.Displace(change.Subject.Header.Uid))
        {
            queue.ClusterChanged();
        }
    }

    private void PodChanged(KubeObject item)
    {
        var facts = PodFacts.Of(item);
        if (facts.IsFinished)
        {
            queue.Remove(item.Header.Uid);
            if (nodes.Displace(item.Header.Uid))
            {
                queue.ClusterChanged();
            }
        }
        else if (facts.NodeName.Length > 0)
        {
            queue.Remove(item.Header.Uid);
            if (!nodes.Holds(item, facts.NodeName))
            {
                nodes.Place(PodRequest.Of(item, names), facts.NodeName);
            }
        }
        else if (item.Header.DeletionTimestamp is null)
        {
            Consider(PodRequest.Of(item, names));
        }
        else
        {
            queue.Remove(item.Header.Uid);
        }
    }

    private void Consider(PodRequest pod)
    {
        if (pod.SchedulerName == name && !pod.IsGated)
        {
            queue.Put(pod);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Scheduler {Name} stops because of a fault and starts again")]
    private partial void LogFailed(string name, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pod} could not be bound to {Node}: {Why}")]
    private partial void LogNotBound(ObjectKey pod, string node, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The refusal of {Pod} could not be written: {Why}")]
    private partial void LogNotRefused(ObjectKey pod, string why);
}

using System.Diagnostics.Metrics;
using System.Threading.Channels;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation.Events;
using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using GrainKube.Scheduler.Preemption;
using GrainKube.Scheduler.Queue;
using GrainKube.Scheduler.Volumes;
using Microsoft.Extensions.Logging;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>
/// The scheduler at work: takes in changes, decides for all pods that wait, assumes each decision, and carries it out without waiting. Everything but that runs on one task.
/// </summary>
internal sealed class SchedulingLoop : IAsyncDisposable
{
    private static readonly GroupResource PodResource = new("", "pods");
    private static readonly GroupResource NodeResource = new("", "nodes");

    // Upstream's flush of pods that have waited long: a net below the wake-ups.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly Meter Meter = new("GrainKube.Scheduler");
    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("scheduler_schedule_attempts_total");
    private static readonly Counter<long> Preemptions = Meter.CreateCounter<long>("scheduler_preemption_attempts_total");
    private static readonly Histogram<int> Victims = Meter.CreateHistogram<int>("scheduler_preemption_victims");
    private readonly Channel<Action> inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource stopping = new();
    private readonly List<IDisposable> subscriptions = [];
    private readonly string name;
    private readonly ObjectClient objects;
    private readonly IVolumeView volumes;
    private readonly TimeProvider time;
    private readonly NodeTable table;
    private readonly SchedulingQueue queue;
    private readonly Placer placer;
    private readonly Preemptor preemptor;
    private readonly ClusterFeed feed;
    private readonly CachedCluster cluster;
    private readonly Binder binder;
    private readonly Evictor evictor;
    private readonly Guard guard;
    private Task running = Task.CompletedTask;

    /// <param name="name">Pods that name this scheduler are its own.</param>
    /// <param name="names">Positions of resources.</param>
    /// <param name="objects">Reads and writes under the scheduler's identity and fence.</param>
    /// <param name="volumes">Claims, volumes and classes.</param>
    /// <param name="events">Takes what pods are told.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Takes what operators are told.</param>
    /// <param name="onFault">Called where a successor has to start from the store.</param>
    public SchedulingLoop(
        string name, ResourceNames names, ObjectClient objects, IVolumeView volumes, EventRecorder events, TimeProvider time, ILogger logger, Action onFault)
    {
        (this.name, this.objects, this.volumes, this.time) = (name, objects, volumes, time);
        guard = new Guard(name, onFault, logger);
        cluster = new CachedCluster(objects.Cache);
        table = new NodeTable(names);
        queue = new SchedulingQueue(time);
        placer = Placer.Default(table, names, volumes, cluster, Random.Shared);
        preemptor = new Preemptor(table, cluster, Random.Shared);
        feed = new ClusterFeed(name, names, table, queue, placer);
        var statuses = new PodStatusWriter(objects, time);
        binder = new Binder(objects, new VolumeBinder(objects, volumes, time), statuses, events, time);
        evictor = new Evictor(objects, statuses, events);
    }

    /// <summary>Subscribes, takes in the picture, and runs. The consistent-read barrier has been passed before.</summary>
    public void Start()
    {
        var (podKind, nodeKind) = (objects.Cache.Kind(PodResource), objects.Cache.Kind(NodeResource));
        subscriptions.Add(nodeKind.Subscribe(change => inbox.Writer.TryWrite(() => feed.NodeChanged(change))));
        subscriptions.Add(podKind.Subscribe(change => inbox.Writer.TryWrite(() => feed.PodChanged(change))));
        subscriptions.Add(volumes.Subscribe(() => inbox.Writer.TryWrite(() => feed.Wake(new ClusterChange(ChangeKind.Volumes)))));
        subscriptions.Add(cluster.SubscribeToNamespaces(() => inbox.Writer.TryWrite(() => feed.Wake(new ClusterChange(ChangeKind.Namespace)))));

        // The picture is taken when it is its turn: older changes wait before it, and every later one comes behind it.
        inbox.Writer.TryWrite(() =>
        {
            foreach (var node in nodeKind.Snapshot.All)
            {
                feed.NodeIs(node);
            }

            foreach (var pod in podKind.Snapshot.All)
            {
                feed.PodIs(pod);
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

        // What is being carried out ends by itself: the token stops it, and nothing reads the inbox any more.
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
            guard.Fault(error);
        }
    }

    private async Task WaitAsync(DateTimeOffset? until)
    {
        var wait = until is { } at ? at - time.GetUtcNow() : LongestWait;
        Action then = until is null ? feed.WakeAll : static () => { };
        await using var timer = time.CreateTimer(_ => inbox.Writer.TryWrite(then), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await inbox.Reader.WaitToReadAsync(stopping.Token);
    }

    private void DecideAll()
    {
        // Changes are taken in between batches so that decisions do not run far behind the world.
        for (var i = 0; i < 256 && queue.Next() is { } pod; i++)
        {
            var placement = placer.Place(pod);
            Attempts.Add(1, new("profile", name), new("result", placement.Node is null ? "unschedulable" : "scheduled"));
            if (placement.Node is { } node)
            {
                feed.Assume(pod, node);
                _ = BindAsync(pod, node.Name);
            }
            else
            {
                Refuse(pod, placement.Refusal!);
            }
        }

        if (queue.HasReady)
        {
            inbox.Writer.TryWrite(() => { });
        }
    }

    private void Refuse(PodRequest pod, Refusal refusal)
    {
        if (refusal.Nodes == 0)
        {
            queue.Unschedulable(pod.Uid, refusal.By);
            _ = TellAsync(pod, refusal.Message, feed.Unnominate(pod.Uid) ? "" : null);
            return;
        }

        Preemptions.Add(1);
        var plan = preemptor.Plan(pod, refusal);
        if (plan.Chosen is { } chosen)
        {
            Preempt(pod, refusal, chosen);
            return;
        }

        queue.Unschedulable(pod.Uid, refusal.By);
        var loses = !plan.KeepsNomination && (feed.Unnominate(pod.Uid) || pod.Marks.NominatedNode.Length > 0);
        _ = TellAsync(pod, plan.Told(refusal), loses ? "" : null);
    }

    private void Preempt(PodRequest pod, Refusal refusal, Candidate chosen)
    {
        Victims.Record(chosen.Victims.Count);
        queue.Hold(pod.Uid, refusal.By);

        // They may not fit there any more, and look for another place at once.
        foreach (var lower in chosen.Node.Nominated.Where(n => n.Priority < pod.Priority).ToList())
        {
            table.Unnominate(lower.Uid);
            queue.Wake(lower.Uid);
            _ = guard.RunAsync(lower.Key, "freed of its nomination", () => evictor.ClearNominationAsync(lower, stopping.Token));
        }

        if (table.NominationOf(pod.Uid) != chosen.Node)
        {
            feed.Unnominate(pod.Uid);
            table.Nominate(pod, chosen.Node.Name);
        }

        _ = TellAsync(pod, refusal.Message, chosen.Node.Name);
        _ = EvictAsync(pod, chosen);
    }

    private async Task BindAsync(PodRequest pod, string node)
    {
        var bound = false;
        await guard.RunAsync(pod.Key, $"bound to {node}", async () => bound = await binder.BindAsync(pod, node, stopping.Token));
        inbox.Writer.TryWrite(() =>
        {
            if (bound)
            {
                queue.Remove(pod.Uid);
            }
            else if (queue.Failed(pod.Uid))
            {
                // Where its change came first, the store has spoken: the place it has there stands.
                feed.NotBound(pod.Uid);
            }
        });
    }

    private async Task EvictAsync(PodRequest pod, Candidate chosen)
    {
        var done = await guard.RunAsync(pod.Key, $"given room on {chosen.Node.Name}", () => evictor.EvictAsync(pod, chosen, stopping.Token));
        inbox.Writer.TryWrite(() => queue.Release(pod.Uid, retry: !done));
    }

    private Task TellAsync(PodRequest pod, string why, string? nominatedNode) =>
        guard.RunAsync(pod.Key, "told why it waits", () => binder.RefuseAsync(pod, why, nominatedNode, stopping.Token));
}

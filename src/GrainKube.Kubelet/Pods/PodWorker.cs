using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Probes;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.StaticPods;
using Microsoft.Extensions.Logging;

namespace GrainKube.Kubelet.Pods;

/// <summary>
/// Works on one pod, one look at a time: woken by changes, runtime events, probes and its own timer. Between looks it is idle: no task, no timer unless something is due.
/// </summary>
internal sealed partial class PodWorker : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly BackOff Pauses = new(FirstPause, TimeSpan.FromMinutes(1));

    /// <summary>A timer takes no more than seven weeks, and a pod may have a deadline in years.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly NodeServices node;
    private readonly ObjectKey key;
    private readonly Action<PodWorker> done;
    private PodMemory memory = new();
    private readonly CancellationTokenSource stop = new();
    private readonly ILogger logger;
    private CancellationTokenSource? look;
    private KubeObject? newest;
    private ITimer? timer;
    private Task running = Task.CompletedTask;
    private volatile bool sourceChanged;
    private volatile PodEnd? evicted;
    private bool dirty;
    private bool busy;
    private long? graceInUse;
    private int failures;
    private IReadOnlyList<string> seen = [];
    private long lookedAt;

    public PodWorker(NodeServices node, string uid, ObjectKey key, Action<PodWorker> done)
    {
        (this.node, Uid, this.key, this.done) = (node, uid, key, done);
        logger = node.Logs.CreateLogger<PodWorker>();
    }

    public string Uid { get; }

    public ObjectKey Key => key;

    /// <summary>Takes note of a change. What interrupts: the first sign of deletion, and a shorter grace.</summary>
    public void Changed(KubeObject version)
    {
        lock (gate)
        {
            if (version.Header.DeletionTimestamp is not null && !node.Statics.Keeps(Uid) && (graceInUse is null || version.Header.DeletionGracePeriodSeconds < graceInUse))
            {
                graceInUse = version.Header.DeletionGracePeriodSeconds ?? 0;
                look?.Cancel();
            }
        }

        Wake();
    }

    /// <summary>A ConfigMap or Secret changed that the pod may use.</summary>
    public void SourceChanged()
    {
        sourceChanged = true; // the next look forgets what the change may have cured
        Wake();
    }

    /// <summary>Ends the pod because the node needs what it has.</summary>
    /// <returns>False where it is ending already.</returns>
    public bool Evict(PodEnd end)
    {
        lock (gate)
        {
            if (evicted is not null || memory.End is not null)
            {
                return false;
            }

            evicted = end;
            look?.Cancel();
        }

        Wake();
        return true;
    }

    /// <summary>True where something that ran at the last look runs no longer, and nobody is looking.</summary>
    /// <param name="running">Ids of what runs.</param>
    /// <param name="asked">The timestamp at which that was asked for: what a later look saw is newer.</param>
    public bool IsBehind(IReadOnlySet<string> running, long asked)
    {
        lock (gate)
        {
            return !busy && !dirty && lookedAt < asked && seen.Any(id => !running.Contains(id));
        }
    }

    /// <summary>Looks at the pod soon; once more if it is being looked at.</summary>
    public void Wake()
    {
        lock (gate)
        {
            dirty = true;
            if (busy || stop.IsCancellationRequested)
            {
                return;
            }

            busy = true;
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                running = Task.Run(RunAsync); // whoever woke the pod has no part in what is done for it
            }
        }
    }

    /// <summary>Stops looking; what runs goes on running.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        Task last;
        lock (gate)
        {
            last = running;
        }

        await last;
        Dispose();
    }

    public void Dispose()
    {
        stop.Cancel();
        timer?.Dispose();
        memory.Probes?.Dispose();
    }

    private async Task RunAsync()
    {
        while (Take() is { } token)
        {
            using var mine = token;
            try
            {
                var wakeAt = await LookAsync(mine.Token);
                failures = 0;
                if (wakeAt is { } at)
                {
                    WakeAt(at);
                }
            }
            catch (OperationCanceledException) when (mine.IsCancellationRequested)
            {
                // Interrupted by something more urgent, or the kubelet is stopping.
            }
            catch (StaleStatusException)
            {
                WakeAt(node.Time.GetUtcNow() + FirstPause);
            }
            catch (Exception failed)
            {
                var pause = Pauses.After(++failures);
                LogFailed(failed, key, pause);
                WakeAt(node.Time.GetUtcNow() + pause);
            }
            finally
            {
                lock (gate)
                {
                    look = null; // nobody may cancel it once it is disposed
                }
            }
        }
    }

    private CancellationTokenSource? Take()
    {
        lock (gate)
        {
            if (!dirty || stop.IsCancellationRequested)
            {
                (busy, look) = (false, null);
                return null;
            }

            dirty = false;
            return look = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        }
    }

    private async Task<DateTimeOffset?> LookAsync(CancellationToken cancel)
    {
        var item = node.View.Get(key);
        if (item is not null && newest is not null && newest.Header.Uid == item.Header.Uid && newest.Revision > item.Revision)
        {
            item = newest; // the cache has not seen our own write yet
        }

        item = item is not null && StaticIdentity.Of(item) == Uid ? item : null;
        if (node.Statics.Keeps(Uid) && item is not { Header.DeletionTimestamp: null })
        {
            return null; // only the mirror was deleted: another comes, and what runs goes on
        }

        if (item is null)
        {
            if (!memory.CleanedUp)
            {
                await PodRemains.RemoveOrphanAsync(node, Uid, cancel);
            }

            node.Tally.Forget(Uid);
            done(this);
            return null;
        }

        if (memory.CleanedUp && item.Header.DeletionTimestamp is null)
        {
            memory = new PodMemory(); // a static pod's manifest is back
        }

        using var activity = KubeletTelemetry.StartLook(node.Options.Name, item, node.Time);
        var pod = new PodContext(node, item, memory, Wake);
        Prepare(pod);
        try
        {
            await pod.RefreshAsync(cancel);
            foreach (var step in PodSteps.InOrder)
            {
                if (!await step.RunAsync(pod, cancel))
                {
                    return pod.WakeAt;
                }
            }

            await PodStatusWriter.WriteAsync(pod, ended: false, cancel);
            if (pod.Plan.Finished)
            {
                Wake(); // what was started has failed for good; the next look ends the pod
            }

            return pod.WakeAt;
        }
        finally
        {
            newest = pod.Object;
            (seen, lookedAt) = (pod.Running, node.Time.GetTimestamp());
        }
    }

    private void Prepare(PodContext pod)
    {
        if (sourceChanged)
        {
            sourceChanged = false;
            (memory.VolumesFresh, memory.VolumeFailure) = (false, null);
            foreach (var name in memory.Failures.Where(f => f.Value.Reason == "CreateContainerConfigError").Select(f => f.Key).ToList())
            {
                memory.Failures.Remove(name);
            }
        }

        if (memory.End is null && evicted is { } end)
        {
            memory.End = end;
            pod.Event("Warning", end.Reason, end.Message);
        }

        foreach (var name in memory.Failures.Where(f => f.Value.ContainerImage != (pod.Find(f.Key)?.Image ?? "")).Select(f => f.Key).ToList())
        {
            memory.Failures.Remove(name);
        }

        memory.StartTime ??= pod.Pod.Status?.StartTime is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : pod.Now;
        if (memory.Probes is null && PodProbes.Wanted(pod.Spec))
        {
            memory.Probes = new PodProbes(Wake);
        }

        // A kubelet that was restarted while it failed the pod goes on failing it for the same reason.
        if (memory.End is null && pod.Pod.Status is { Phase: "Failed", Reason: { Length: > 0 } reason } status)
        {
            memory.End = new PodEnd(reason, status.Message ?? "", Rejected: status.ContainerStatuses is not { Count: > 0 });
        }
    }

    private void WakeAt(DateTimeOffset at)
    {
        var due = at - node.Time.GetUtcNow();
        due = due > LongestWait ? LongestWait : due > TimeSpan.Zero ? due : TimeSpan.Zero;
        lock (gate)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            timer ??= node.Time.CreateTimer(static self => ((PodWorker)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pod {Pod} could not be worked on; next try in {Pause}")]
    private partial void LogFailed(Exception exception, ObjectKey pod, TimeSpan pause);
}

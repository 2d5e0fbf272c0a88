using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;
using GrainKube.Reconciliation.Events;
using GrainKube.Reconciliation.Queue;
using Microsoft.Extensions.Logging;

namespace GrainKube.Reconciliation.Slices;

/// <summary>One slice at work: follows the cache, keeps the queue, and calls the reconciler for the keys it owns.</summary>
internal sealed class ReconcilerSlice : IAsyncDisposable
{
    private const int Concurrency = 16;
    private static readonly Meter Meter = new("GrainKube.Reconciliation");
    private static readonly ConcurrentDictionary<ReconcilerSlice, string> Living = new();
    private static readonly Counter<long> Adds = Meter.CreateCounter<long>("workqueue_adds_total");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("workqueue_retries_total");
    private readonly SliceName name;
    private readonly IReconciler reconciler;
    private readonly ObjectClient objects;
    private readonly EventRecorder events;
    private readonly TimeProvider time;
    private readonly ReconcileQueue queue;
    private readonly Action fenceBroken;
    private readonly KeyValuePair<string, object?> label;
    private KindSubscriptions? following;

    static ReconcilerSlice() => Meter.CreateObservableGauge(
        "workqueue_depth",
        () => Living.GroupBy(s => s.Value, s => s.Key.queue.Depth).Select(g => new Measurement<int>(g.Sum(), new KeyValuePair<string, object?>("name", g.Key))));

    public ReconcilerSlice(
        SliceName name, IReconciler reconciler, ObjectClientFactory clients, WriterFence fence, TimeProvider time, ILogger logger, Action fenceBroken)
    {
        (this.name, this.reconciler, this.time, this.fenceBroken) = (name, reconciler, time, fenceBroken);
        objects = clients.For(UserInfo.Controller(reconciler.Identity)).Fenced(fence);
        events = new EventRecorder(clients.For(UserInfo.Controller(reconciler.Identity)), reconciler.Identity, "", time);
        queue = new ReconcileQueue(WorkAsync, Concurrency, time, logger);
        label = new("name", reconciler.Name);
        Living[this] = reconciler.Name;
    }

    /// <summary>Subscribes first and then looks at every key, so that no change falls between the two. The consistent-read barrier has been passed before.</summary>
    public void Start(ReconcilerWiring wiring)
    {
        following = new KindSubscriptions(objects.Cache, wiring.Triggers, Wake);
        LookAtAll(wiring);
    }

    /// <summary>Wants every key looked at.</summary>
    public void LookAtAll(ReconcilerWiring wiring)
    {
        var keys = wiring.FirstKeys?.Invoke()
            ?? (wiring.Primary is { } primary ? objects.Cache.TryKind(primary)?.Snapshot.All.Select(o => o.Key) : null)
            ?? [];
        foreach (var key in keys)
        {
            AddIfOwned(key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        following?.Dispose();

        Living.TryRemove(this, out _);
        await queue.DisposeAsync();
        await events.DisposeAsync();
    }

    private void Wake(IEnumerable<ObjectKey> keys)
    {
        foreach (var key in keys)
        {
            AddIfOwned(key);
        }
    }

    private void AddIfOwned(ObjectKey key)
    {
        if (SliceName.IndexOf(key, reconciler.Slices) == name.Index)
        {
            Adds.Add(1, label);
            queue.Add(key);
        }
    }

    private async Task<Outcome> WorkAsync(ObjectKey key, CancellationToken cancel)
    {
        using var activity = ReconciliationTelemetry.Start(reconciler.Name, key, objects.Get(key), time);
        var own = objects.Fenced(objects.Fence!);
        try
        {
            var outcome = await reconciler.ReconcileAsync(key, new ReconcileContext(own, events, time.GetUtcNow()), cancel);
            await own.WaitForOwnWritesAsync(cancel);
            return outcome;
        }
        catch (FenceBrokenException)
        {
            // A twin or a successor owns the slice now: it looks at every key itself.
            fenceBroken();
            return Outcome.Done;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            Failures.Add(1, label);
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            await own.WaitForOwnWritesAsync(cancel);
            throw;
        }
    }
}

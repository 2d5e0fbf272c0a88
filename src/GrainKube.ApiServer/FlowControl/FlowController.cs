using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Objects.Cache;
using GrainKube.Resources.FlowControl;
using k8s.Models;
using KubernetesJson = k8s.KubernetesJson;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>Follows the FlowSchemas and PriorityLevelConfigurations of this silo's cache, and lends seats from level to level.</summary>
internal sealed class FlowController : IDisposable
{
    /// <summary>Upstream's: how often seats change hands, and how long demand is remembered (half of it after five minutes).</summary>
    private static readonly TimeSpan LendingPeriod = TimeSpan.FromSeconds(10);
    private const double Memory = 0.977;

    private static readonly GroupResource Schemas = new("flowcontrol.apiserver.k8s.io", "flowschemas");
    private static readonly GroupResource Levels = new("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations");
    private readonly ConcurrentDictionary<string, PriorityLevel> levels = new(StringComparer.Ordinal);
    private readonly WatchCache cache;
    private readonly TimeProvider time;
    private readonly Meter meter = new("GrainKube.ApiServer");
    private readonly ITimer lending;
    private readonly int total;
    private readonly Lock gate = new();
    private volatile FlowSchemas? picture;
    private bool subscribed;
    private long changes;

    public FlowController(WatchCache cache, IOptions<ApiServerOptions> options, TimeProvider time)
    {
        (this.cache, this.time, total) = (cache, time, options.Value.MaxRequestsInFlight);
        lending = time.CreateTimer(_ => Lend(), null, LendingPeriod, LendingPeriod);
        Show("apiserver_flowcontrol_nominal_limit_seats", level => level.Nominal);
        Show("apiserver_flowcontrol_current_limit_seats", level => level.Limit);
        Show("apiserver_flowcontrol_current_executing_seats", level => level.InUse);
        Show("apiserver_flowcontrol_current_inqueue_requests", level => level.Waiting);
    }

    /// <summary>False where the server has no limit.</summary>
    public bool IsOn => total > 0;

    public FlowSchemas Current => picture ?? Load();

    public IEnumerable<PriorityLevel> All => levels.Values;

    /// <summary>Gives seats to the levels that need them, of those that others do not.</summary>
    public void Lend()
    {
        // An exempt level takes what it wants, and lends what it may.
        var all = levels.Values.Where(l => l.Nominal > 0 || !l.Settings.IsExempt).ToList();
        var borrowers = all.Select(level =>
        {
            var demand = level.TakeDemand();
            level.SmoothedDemand = Math.Max(demand, (level.SmoothedDemand * Memory) + (demand * (1 - Memory)));
            var lowest = level.Nominal - Math.Round(level.Nominal * level.Settings.LendablePercent / 100.0);
            var highest = level.Settings.BorrowingPercent is { } percent ? level.Nominal + Math.Round(level.Nominal * percent / 100.0) : total;
            return new Borrower(Math.Max(lowest, level.SmoothedDemand), lowest, highest);
        }).ToList();
        var seats = SeatLending.Divide(all.Sum(l => l.Nominal), borrowers);
        for (var i = 0; i < all.Count; i++)
        {
            all[i].SetLimit(Math.Max(1, (int)Math.Round(seats[i])));
        }
    }

    public void Dispose()
    {
        lending.Dispose();
        meter.Dispose();
    }

    private void Show(string name, Func<PriorityLevel, int> value) => meter.CreateObservableGauge(
        name, () => levels.Values.Select(level => new Measurement<int>(value(level), new KeyValuePair<string, object?>("priority_level", level.Name))));

    private FlowSchemas Load()
    {
        lock (gate)
        {
            if (cache.TryKind(Schemas) is not { } schemas || cache.TryKind(Levels) is not { } configurations)
            {
                return Make([], []);
            }

            if (!subscribed)
            {
                schemas.Subscribe(Forget);
                configurations.Subscribe(Forget);
                subscribed = true;
            }

            var before = Volatile.Read(ref changes);
            var made = Make(schemas.Snapshot.All, configurations.Snapshot.All);
            picture = made;
            if (Volatile.Read(ref changes) != before)
            {
                picture = null; // something changed while the pictures were read: the next caller looks again
            }

            return made;
        }
    }

    private void Forget(ObjectChange change)
    {
        // Conditions are none of our business.
        if (change.Before is null || change.After is null || change.Before.Header.Generation != change.After.Header.Generation)
        {
            Interlocked.Increment(ref changes);
            picture = null;
        }
    }

    private FlowSchemas Make(IEnumerable<KubeObject> schemas, IEnumerable<KubeObject> configurations)
    {
        var uids = configurations.ToDictionary(c => c.Key.Name, c => (c.Header.Uid, Settings: LevelSettings.Of(c.As<V1PriorityLevelConfiguration>().Spec)));
        var items = schemas.Select(s => (s.Header.Uid, Item: s.As<V1FlowSchema>())).ToList();

        // What must be there is, even before anybody has written it.
        foreach (var level in DefaultFlowControl.Levels().Select(l => KubernetesJson.Deserialize<V1PriorityLevelConfiguration>(l.ToJsonString())).Where(l => DefaultFlowControl.IsMandatory(l.Metadata.Name)))
        {
            uids.TryAdd(level.Metadata.Name, ("", LevelSettings.Of(level.Spec)));
        }

        foreach (var schema in DefaultFlowControl.Schemas().Select(s => KubernetesJson.Deserialize<V1FlowSchema>(s.ToJsonString())).Where(s => DefaultFlowControl.IsMandatory(s.Metadata.Name)))
        {
            if (items.TrueForAll(i => i.Item.Metadata.Name != schema.Metadata.Name))
            {
                items.Add(("", schema));
            }
        }

        foreach (var gone in levels.Keys.Except(uids.Keys).ToList())
        {
            levels.TryRemove(gone, out _); // who sits there gives the seats back to nobody
        }

        var shares = Math.Max(1, uids.Values.Sum(level => level.Settings.Shares));
        foreach (var (name, (_, settings)) in uids)
        {
            levels.GetOrAdd(name, made => new PriorityLevel(made, time)).Configure(settings, (int)Math.Ceiling((double)total * settings.Shares / shares));
        }

        return new FlowSchemas(
            from item in items
            let spec = item.Item.Spec
            where spec.PriorityLevelConfiguration?.Name is { } level && uids.ContainsKey(level)
            select new FlowSchema(
                item.Item.Metadata.Name, item.Uid, spec.MatchingPrecedence ?? 1000, spec.DistinguisherMethod?.Type ?? "", spec.Rules,
                levels[spec.PriorityLevelConfiguration.Name], uids[spec.PriorityLevelConfiguration.Name].Uid));
    }
}

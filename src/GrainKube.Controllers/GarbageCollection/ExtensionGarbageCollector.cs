using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace GrainKube.Controllers.GarbageCollection;

/// <summary>
/// Collects garbage where dependent or owner lie with another API server. Nobody tells of changes there, so it looks; only where such a server holds what can be deleted.
/// </summary>
internal sealed partial class ExtensionGarbageCollector(WatchCache cache, ResourceRegistry registry, ILogger<ExtensionGarbageCollector> log, IExtensionObjects? others = null) : IReconciler
{
    private static readonly ObjectKey Everything = new("", "namespaces", "", "default");
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>A server may begin to hold something without a change that anybody tells us of.</summary>
    private static readonly TimeSpan LookForKinds = TimeSpan.FromMinutes(1);
    private readonly OwnerGraph graph = new(cache, registry);

    public string Name => "extension-garbagecollector";

    public string Identity => "generic-garbage-collector";

    public int Slices => 1;

    public void Configure(ReconcilerWiring wiring) => wiring.Watches<V1APIService>(_ => [Everything]).StartingWith(() => [Everything]);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        if (others is null || await others.ListAsync(cancel) is not { Resources.Count: > 0 } before)
        {
            return Outcome.WakeIn(LookForKinds);
        }

        // An owner is older than who names it, and is there when it is looked for after its dependents. That is why what lies elsewhere is listed twice.
        await cache.WaitUntilCurrentAsync(cancel);
        var ours = Dependents(before).ToList();
        var theirs = before.Objects.Where(o => o.Header.Owners.Count > 0).ToList();
        if (ours.Count + theirs.Count > 0)
        {
            var now = await others.ListAsync(cancel);
            await cache.WaitUntilCurrentAsync(cancel);
            foreach (var item in ours)
            {
                await CollectAsync(item, now, context, cancel);
            }

            foreach (var item in theirs)
            {
                await CollectAsync(item, now, cancel);
            }
        }

        return Outcome.WakeIn(LookAgain);
    }

    /// <summary>Objects of this server with an owner elsewhere.</summary>
    private IEnumerable<KubeObject> Dependents(ExtensionHoldings holdings) =>
        graph.Objects().Where(o => o.Header.Owners.Any(owner => graph.IsElsewhere(owner) && holdings.Knows(owner)));

    private async Task CollectAsync(KubeObject item, ExtensionHoldings holdings, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await OwnerGraph.CarryOutAsync(graph.PlanFor(item, holdings), item, context, cancel);
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
            // It is looked at again soon.
        }
    }

    private async Task CollectAsync(ExtensionObject item, ExtensionHoldings holdings, CancellationToken cancel)
    {
        var plan = DependentPlan.For(item.Header, owner => graph.StateOf(owner, item.Header, holdings), () => false);
        try
        {
            if (plan.Delete is { } propagation)
            {
                await others!.DeleteAsync(item, propagation, cancel);
            }
            else if (plan.Drop.Count > 0)
            {
                await others!.ReleaseAsync(item, [.. plan.Drop.Select(o => o.Uid)], cancel);
            }
        }
        catch (HttpRequestException refused)
        {
            LogRefused(refused, item.Path);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} of another API server is garbage, and the server does not let it go")]
    private partial void LogRefused(Exception refused, string path);
}

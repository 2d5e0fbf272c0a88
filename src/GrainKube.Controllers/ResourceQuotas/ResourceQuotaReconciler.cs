using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Quantities;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Core.ResourceQuotas;
using k8s.Models;

namespace GrainKube.Controllers.ResourceQuotas;

/// <summary>
/// Counts what the objects of a namespace use of its quotas. Admission adds what comes, in the object's own transaction; this counts anew when something goes or a quota changes.
/// </summary>
internal sealed class ResourceQuotaReconciler(WatchCache cache, ResourceRegistry registry, IExtensionObjects? others = null) : Reconciler<V1ResourceQuota>
{
    private static readonly GroupResource Quotas = new("", "resourcequotas");

    // Upstream's full resync: for pods whose grace runs out, and what other API servers have.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(50);

    public override string Name => "resourcequota-controller";

    public override string Identity => "resourcequota-controller";

    public override void Configure(ReconcilerWiring wiring)
    {
        // What is used is only ever changed by what is counted already: the spec is what matters, and a status that says otherwise.
        wiring
            .On(Quotas, change => change.After is { } quota && (change.Before is null || IsToBeLookedAt(change.Before.ToNode(), quota.ToNode())) ? [quota.Key] : [])
            .StartingWith(() => cache.Kind(Quotas).Snapshot.All.Select(q => q.Key))
            .OnEvery(IsCounted, Wakes);
    }

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1ResourceQuota view, ReconcileContext context, CancellationToken cancel)
    {
        // The quota was read before the objects: what was admitted in between has changed the quota too, and the write below is refused. What was admitted with this version is to be seen.
        await context.Objects.Cache.WaitForAsync(item.Revision, cancel);
        var kinds = registry.All.Where(d => IsCounted(d) && view.Spec?.Hard?.Keys.Any(n => QuotaUsage.Concerns(d.GroupResource, n)) == true).Select(d => d.GroupResource).ToList();
        var used = QuotaDecision.Recount(view, kinds.SelectMany(k => cache.Kind(k).Snapshot.In(item.Key.Namespace)), context.Now);
        await CountElsewhereAsync(item.Key.Namespace, used, cancel);
        var hard = item.ToNode()["spec"]?["hard"]?.DeepClone() as JsonObject ?? [];
        var amounts = new JsonObject(used.Select(u => KeyValuePair.Create(u.Key, (JsonNode?)u.Value.ToString())));
        var current = item.ToNode()["status"] as JsonObject;
        if (!JsonNode.DeepEquals(current?["hard"], hard) || !JsonNode.DeepEquals(current?["used"], amounts))
        {
            try
            {
                await context.Objects.PatchAsync(
                    item.Key, new JsonObject { ["status"] = Replacing(current, hard, amounts) }, "status", new Preconditions(item.Header.Uid, item.Revision), cancel);
            }
            catch (ApiException changed) when (changed.Status.Code is 404 or 409)
            {
                return Outcome.WakeIn(AfterConflict);
            }
        }

        return Outcome.WakeIn(LookAgain);
    }

    /// <summary>Other API servers have objects, too; they are asked only where a quota names what nobody here knows.</summary>
    private async Task CountElsewhereAsync(string ns, Dictionary<string, Quantity> used, CancellationToken cancel)
    {
        var names = used.Keys.Where(n => n.StartsWith("count/", StringComparison.Ordinal) && n.Contains('.', StringComparison.Ordinal) && !registry.All.Any(d => QuotaUsage.Concerns(d.GroupResource, n))).ToList();
        if (names.Count == 0 || others is null)
        {
            return;
        }

        var counts = (await others.ListAsync(cancel)).Objects.Where(o => o.Header.Namespace == ns).CountBy(o => $"count/{o.Resource}").ToDictionary();
        foreach (var name in names)
        {
            used[name] = Quantity.FromUnits(counts.GetValueOrDefault(name));
        }
    }

    /// <summary>A merge patch that leaves nothing of the old amounts.</summary>
    private static JsonObject Replacing(JsonObject? current, JsonObject hard, JsonObject used)
    {
        var patch = new JsonObject { ["hard"] = hard, ["used"] = used };
        foreach (var (name, fresh) in ((string Name, JsonObject Fresh)[])[("hard", hard), ("used", used)])
        {
            foreach (var (old, _) in current?[name] as JsonObject ?? [])
            {
                if (!fresh.ContainsKey(old))
                {
                    fresh[old] = null;
                }
            }
        }

        return patch;
    }

    private IEnumerable<ObjectKey> Wakes(ObjectChange change)
    {
        return change.Before is not null && (change.After is null || Shrinks(change))
            ? cache.Kind(Quotas).Snapshot.In(change.Subject.Key.Namespace).Select(q => q.Key)
            : [];
    }

    private static bool IsToBeLookedAt(JsonObject before, JsonObject after) =>
        !JsonNode.DeepEquals(before["spec"], after["spec"]) || !JsonNode.DeepEquals(after["status"]?["hard"], after["spec"]?["hard"]);

    private static bool Shrinks(ObjectChange change) => change.Subject.Key is { Group: "", Resource: "pods" }
        ? Resources.Core.Pods.PodFacts.Of(change.After!).IsFinished != Resources.Core.Pods.PodFacts.Of(change.Before!).IsFinished || change.After!.Header.Generation != change.Before!.Header.Generation
        : change.Subject.Key is { Group: "", Resource: "services" or "persistentvolumeclaims" };

    private static bool IsCounted(ResourceDefinition definition) => definition.Names.Namespaced && definition.IsStored && definition.Verbs.Contains("delete") && definition.Names.Plural != "events";
}

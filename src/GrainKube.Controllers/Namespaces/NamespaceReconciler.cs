using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Aggregation;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.Namespaces;

/// <summary>Empties a namespace that is being deleted and then lets it go.</summary>
internal sealed class NamespaceReconciler(WatchCache cache, IExtensionContents? others = null) : Reconciler<V1Namespace>
{
    private const string Finalizer = "kubernetes";

    // Changes wake it; this is the net below.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public override string Name => "namespace";

    public override void Configure(ReconcilerWiring wiring)
    {
        wiring.Reconciles<V1Namespace>();
        wiring.OnEvery(IsContent, WakesTerminating);
    }

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Namespace view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is null || view.Spec?.Finalizers?.Contains(Finalizer) != true)
        {
            return Outcome.Done;
        }

        await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
        var failures = new List<string>();

        // Pods go first: what guards them, such as network policies, stands until the last of them is gone.
        var left = await EmptyAsync(() => Pods(item), failures, context, cancel);
        if (left.Count > 0)
        {
            await WriteConditionsAsync(item, left, ExtensionRemains.None, failures, context, cancel);
            return Outcome.WakeIn(LookAgain);
        }

        left = await EmptyAsync(() => Contents(item), failures, context, cancel);
        var elsewhere = others is null ? ExtensionRemains.None : await others.EmptyAsync(item.Header.Name, cancel);
        var unreadable = cache.Kinds.Where(k => IsContent(k.Definition)).Select(k => k.DamageIn(item.Header.Name, "")).OfType<string>().ToList();
        if (left.Count == 0 && elsewhere.IsEmpty && unreadable.Count == 0)
        {
            await FinalizeAsync(item, context, cancel);
            return Outcome.Done;
        }

        failures.AddRange(unreadable);
        await WriteConditionsAsync(item, left, elsewhere, failures, context, cancel);
        return Outcome.WakeIn(LookAgain);
    }

    /// <summary>Deletes what is not on its way yet.</summary>
    /// <returns>What is left of it.</returns>
    private static async Task<List<KubeObject>> EmptyAsync(Func<List<KubeObject>> contents, List<string> failures, ReconcileContext context, CancellationToken cancel)
    {
        await Task.WhenAll(contents().Where(o => o.Header.DeletionTimestamp is null).Select(async content =>
        {
            try
            {
                await context.Objects.DeleteAsync(content.Key, new Preconditions(content.Header.Uid), cancel, propagation: DeletePropagation.Background);
            }
            catch (ApiException refused)
            {
                lock (failures)
                {
                    failures.Add(refused.Message);
                }
            }
        }));
        await context.Objects.WaitForOwnWritesAsync(cancel);
        return contents();
    }

    private List<KubeObject> Pods(KubeObject item) => [.. cache.Kind(new GroupResource("", "pods")).Snapshot.In(item.Header.Name)];

    private List<KubeObject> Contents(KubeObject item) => [.. cache.Kinds.Where(k => IsContent(k.Definition)).SelectMany(k => k.Snapshot.In(item.Header.Name))];

    private static bool IsContent(ResourceDefinition definition) => definition.Names.Namespaced && definition.IsStored && definition.Verbs.Contains("delete");

    private IEnumerable<ObjectKey> WakesTerminating(ObjectChange change)
    {
        var key = new ObjectKey("", "namespaces", "", change.Subject.Key.Namespace);
        return cache.Get(key) is { Header.DeletionTimestamp: not null } ? [key] : [];
    }

    private static async Task FinalizeAsync(KubeObject item, ReconcileContext context, CancellationToken cancel)
    {
        var body = item.ToNode();
        var kept = (body["spec"]?["finalizers"] as JsonArray ?? []).Where(f => (string?)f != Finalizer).Select(f => f!.DeepClone()).ToArray();
        body["spec"] = new JsonObject { ["finalizers"] = new JsonArray(kept) };
        try
        {
            await context.Objects.InvokeAsync(item.Key, "finalize", body, cancel);
        }
        catch (ApiException gone) when (gone.Status.Code == 404)
        {
        }
    }

    private static async Task WriteConditionsAsync(
        KubeObject item, List<KubeObject> left, ExtensionRemains elsewhere, List<string> failures, ReconcileContext context, CancellationToken cancel)
    {
        var conditions = Conditions.Of(item);
        if (elsewhere.Unknown.Count > 0)
        {
            conditions.Set(
                "NamespaceDeletionDiscoveryFailure",
                true,
                "DiscoveryFailed",
                $"Discovery failed for some groups, {elsewhere.Unknown.Count} failing: unable to retrieve the complete list of server APIs: "
                    + string.Join(", ", elsewhere.Unknown.Select(u => $"{u}: stale GroupVersion discovery: {u}")),
                context.Now);
        }
        else
        {
            conditions.Set("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered", context.Now);
        }

        failures.AddRange(elsewhere.Failures);
        conditions.Set("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed", context.Now);
        if (failures.Count > 0)
        {
            conditions.Set("NamespaceDeletionContentFailure", true, "ContentDeletionFailed", string.Join(", ", failures.Order(StringComparer.Ordinal)), context.Now);
        }
        else
        {
            conditions.Set(
                "NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization", context.Now);
        }

        var counts = left.GroupBy(o => o.Key.GroupResource).Select(g => (Name: g.Key.ToString() is var n && g.Key.Group.Length == 0 ? n + "." : n, Count: g.Count()))
            .Concat(elsewhere.Left.Select(l => (Name: l.Key, Count: l.Value))).OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        if (counts.Count > 0)
        {
            conditions.Set(
                "NamespaceContentRemaining",
                true,
                "SomeResourcesRemain",
                "Some resources are remaining: " + string.Join(", ", counts.Select(c => $"{c.Name} has {c.Count} resource instances")),
                context.Now);
        }
        else
        {
            conditions.Set("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed", context.Now);
        }

        var finalizers = left.SelectMany(o => o.Header.Finalizers).GroupBy(f => f).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        if (finalizers.Count > 0)
        {
            conditions.Set(
                "NamespaceFinalizersRemaining",
                true,
                "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: " + string.Join(", ", finalizers.Select(f => $"{f.Key} in {f.Count()} resource instances")),
                context.Now);
        }
        else
        {
            conditions.Set("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished", context.Now);
        }

        var fields = new JsonObject { ["phase"] = "Terminating", ["conditions"] = conditions.ToJsonOrNull() };
        if (StatusPatch.Changes(item, fields))
        {
            await StatusPatch.WriteAsync(item, fields, context, cancel);
        }
    }
}

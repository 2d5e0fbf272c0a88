using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Statuses;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.CustomResources;

/// <summary>Accepts the names of CustomResourceDefinitions, and empties them before they go.</summary>
internal sealed class CustomResourceDefinitionReconciler(WatchCache cache) : Reconciler<V1CustomResourceDefinition>
{
    private const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";
    private static readonly GroupResource Definitions = new("apiextensions.k8s.io", "customresourcedefinitions");

    // Changes wake it; this is the net below.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public override string Name => "customresourcedefinition";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1CustomResourceDefinition>()
        .Watches<V1CustomResourceDefinition>(SameGroup)
        .OnEvery(kind => kind.Model is null && kind.IsStored, TerminatingDefinition);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1CustomResourceDefinition view, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.DeletionTimestamp is not null)
        {
            return item.Header.Finalizers.Contains(CleanupFinalizer) ? await EmptyAsync(item, view, context, cancel) : Outcome.Done;
        }

        await cache.WaitUntilCurrentAsync(cancel);
        var node = item.ToNode();
        var others = InGroup(view.Spec.Group).Where(o => o.Key != item.Key).Select(o => o.ToNode()["status"]?["acceptedNames"]).OfType<JsonObject>().ToList();
        var plan = NamesPlan.For((JsonObject)node["spec"]!["names"]!, node["status"]?["acceptedNames"] as JsonObject, others);
        var conditions = Conditions.Of(item);
        conditions.Set("NamesAccepted", plan.AllAccepted, plan.Reason, plan.Message, context.Now);
        if (!conditions.IsTrue("Established"))
        {
            if (plan.AllAccepted)
            {
                conditions.Set("Established", true, "InitialNamesAccepted", "the initial names have been accepted", context.Now);
            }
            else
            {
                conditions.Set("Established", false, "NotAccepted", "not all names are accepted", context.Now);
            }
        }

        var fields = new JsonObject { ["acceptedNames"] = plan.Accepted, ["conditions"] = conditions.ToJsonOrNull() };
        if (StatusPatch.Changes(item, fields))
        {
            // A merge patch keeps the names that are gone unless it says so.
            plan.Accepted.TryAdd("shortNames", null);
            plan.Accepted.TryAdd("categories", null);
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = fields }, "status", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }

        return Outcome.Done;
    }

    private async Task<Outcome> EmptyAsync(KubeObject item, V1CustomResourceDefinition view, ReconcileContext context, CancellationToken cancel)
    {
        await cache.WaitUntilCurrentAsync(cancel);
        var resource = new GroupResource(view.Spec.Group, view.Spec.Names.Plural);
        var left = cache.TryKind(resource)?.Snapshot.All.ToList() ?? [];
        await Task.WhenAll(left.Where(o => o.Header.DeletionTimestamp is null).Select(o => context.Objects.DeleteAsync(o.Key, new Preconditions(o.Header.Uid), cancel)));
        await context.Objects.WaitForOwnWritesAsync(cancel);
        await cache.WaitUntilCurrentAsync(cancel);
        var remaining = cache.TryKind(resource)?.Snapshot.Count ?? 0;
        var conditions = Conditions.Of(item);
        if (remaining > 0)
        {
            conditions.Set("Terminating", true, "InstanceDeletionCheck", $"could not confirm zero CustomResources remaining: {remaining} remain", context.Now);
        }
        else
        {
            conditions.Set("Terminating", false, "InstanceDeletionCompleted", "removed all instances", context.Now);
        }

        var fields = new JsonObject { ["conditions"] = conditions.ToJsonOrNull() };
        try
        {
            var current = item;
            if (StatusPatch.Changes(item, fields))
            {
                current = await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = fields }, "status", new Preconditions(item.Header.Uid), cancel);
            }

            if (remaining > 0)
            {
                return Outcome.WakeIn(LookAgain);
            }

            var finalizers = new JsonArray([.. current.Header.Finalizers.Where(f => f != CleanupFinalizer).Select(f => (JsonNode)f)]);
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = finalizers } };
            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, current.Revision), cancel);
        }
        catch (ApiException gone) when (gone.Status.Code == 404)
        {
            // somebody else took the finalizer away
        }

        return Outcome.Done;
    }

    private IEnumerable<KubeObject> InGroup(string group) =>
        cache.Kind(Definitions).Snapshot.All.Where(o => o.Header.Name.EndsWith('.' + group, StringComparison.Ordinal) && o.As<V1CustomResourceDefinition>().Spec.Group == group);

    /// <summary>Names that one has given up are free for the others.</summary>
    private IEnumerable<ObjectKey> SameGroup(ObjectChange change) => change.Before is null
        ? []
        : InGroup(change.Subject.As<V1CustomResourceDefinition>().Spec.Group).Select(o => o.Key).Where(k => k != change.Subject.Key);

    private IEnumerable<ObjectKey> TerminatingDefinition(ObjectChange change)
    {
        var key = new ObjectKey(Definitions.Group, Definitions.Resource, "", $"{change.Subject.Key.Resource}.{change.Subject.Key.Group}");
        return cache.Get(key) is { Header.DeletionTimestamp: not null } ? [key] : [];
    }
}

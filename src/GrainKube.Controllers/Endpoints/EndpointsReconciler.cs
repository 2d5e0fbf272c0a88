using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.EndpointSlices;
using GrainKube.Controllers.ServiceEndpoints;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes;
using k8s.Models;

namespace GrainKube.Controllers.Endpoints;

/// <summary>Keeps the Endpoints of each service that selects pods, for clients that do not know slices.</summary>
internal sealed class EndpointsReconciler(WatchCache cache, ServiceIndex services) : Reconciler<V1Service>
{
    private const string ManagedBy = "endpoint-controller";
    private static readonly GroupResource Services = new("", "services");
    private static readonly GroupResource EndpointsResource = new("", "endpoints");

    public override string Name => "endpoint";

    public override int Slices => 4;

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Service>()
        .Watches<V1Endpoints>(change => HasService(change.Subject) ? [ServiceOf(change.Subject)] : [])
        .Watches<V1Pod>(services.AffectedBy)
        .StartingWith(() => cache.Kind(Services).Snapshot.All.Select(s => s.Key).Concat(Leftovers()));

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Service service, ReconcileContext context, CancellationToken cancel)
    {
        if (!ServiceSelector.Of(item).FindsPods || item.Header.DeletionTimestamp is not null)
        {
            return Outcome.Done;
        }

        var pods = services.PodsOf(item).Select(PodEndpoint.Of).ToList();
        var (subsets, truncated) = Subsets.Truncate(Subsets.For(service, pods));
        var key = context.Objects.KeyOf<V1Endpoints>(item.Key.Namespace, item.Header.Name);
        var existing = context.Objects.Get(key);
        var wanted = new EndpointsContent(LabelsFor(item, service), subsets, truncated);
        try
        {
            if (existing is null)
            {
                await context.Objects.CreateAsync(wanted.Create(item, ServiceLabels.Trigger([item.Header.CreationTimestamp])), cancel);
            }
            else if (wanted.Patch(existing) is { } patch)
            {
                await context.Objects.PatchAsync(key, patch, "", new Preconditions(existing.Header.Uid, existing.Revision), cancel);
            }
        }
        catch (ApiException refused) when (SliceWriter.IsOfEndingNamespace(refused))
        {
            // The namespace is going and the service with it.
        }
        catch (ApiException refused) when (refused.Status.Code != 409)
        {
            var (reason, verb) = existing is null ? ("FailedToCreateEndpoint", "create") : ("FailedToUpdateEndpoint", "update");
            context.Events.Warning(existing ?? item, reason, $"Failed to {verb} endpoint {item.Key.Namespace}/{item.Header.Name}: {refused.Message}");
            throw;
        }

        return Outcome.Done;
    }

    /// <summary>Endpoints have no owner: they go with their service by name.</summary>
    protected override async Task<Outcome> GoneAsync(ObjectKey key, ReconcileContext context, CancellationToken cancel)
    {
        await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
        if (context.Objects.Get(key) is null && context.Objects.Get(key with { Resource = "endpoints" }) is { } left)
        {
            await context.Objects.DeleteAsync(left.Key, new Preconditions(left.Header.Uid, left.Revision), cancel);
        }

        return Outcome.Done;
    }

    /// <summary>Endpoints of ours whose service went while nobody looked. Those that a user made without a service stay.</summary>
    private IEnumerable<ObjectKey> Leftovers() => cache.Kind(EndpointsResource).WithLabel(EndpointLabels.EndpointsManagedBy, ManagedBy, "").Where(e => !HasService(e)).Select(ServiceOf);

    private bool HasService(KubeObject endpoints) => cache.Get(ServiceOf(endpoints)) is not null;

    private static ObjectKey ServiceOf(KubeObject endpoints) => new("", "services", endpoints.Key.Namespace, endpoints.Header.Name);

    private static Dictionary<string, string> LabelsFor(KubeObject item, V1Service service)
    {
        var labels = ServiceLabels.Of(item, service.Spec);
        labels[EndpointLabels.EndpointsManagedBy] = ManagedBy;
        return labels;
    }
}

using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.ServiceEndpoints;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>Keeps the slices of each service that selects pods. What a service leaves behind the garbage collector takes.</summary>
internal sealed class EndpointSliceReconciler(WatchCache cache, ServiceIndex services) : Reconciler<V1Service>
{
    public const string ManagedBy = "endpointslice-controller.k8s.io";
    private const int Capacity = 100;
    private static readonly GroupResource Nodes = new("", "nodes");

    public override string Name => "endpointslice";

    public override int Slices => 4;

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Service>()
        .Owns<V1EndpointSlice>()
        .Watches<V1Pod>(services.AffectedBy)
        .Watches<V1Node>(services.AffectedByNode);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Service service, ReconcileContext context, CancellationToken cancel)
    {
        if (!ServiceSelector.Of(item).FindsPods || item.Header.DeletionTimestamp is not null)
        {
            return Outcome.Done;
        }

        var pods = services.PodsOf(item).Select(PodEndpoint.Of).ToList();
        var groups = ServiceSlices.Groups(service, pods, ZoneOf);
        var existing = SliceWriter.Existing(context, item.Key, ManagedBy);
        var metadata = new SliceMetadata(item, Labels(item, service), new Dictionary<string, string?>());
        var plan = SlicePlan.For(groups, existing, ServiceSlices.AddressTypes(service.Spec), metadata.IsStale, Capacity);
        try
        {
            await SliceWriter.WriteAsync(plan, metadata with { Trigger = TriggerOf(item, plan, existing, pods) }, context, cancel);
        }
        catch (ApiException refused) when (SliceWriter.IsOfEndingNamespace(refused))
        {
            // The namespace is going and the service with it.
        }
        catch (ApiException refused) when (refused.Status.Code != 409)
        {
            context.Events.Warning(
                item, "FailedToUpdateEndpointSlices", $"Error updating Endpoint Slices for Service {item.Key.Namespace}/{item.Key.Name}: {refused.Message}");
            throw;
        }

        return Outcome.Done;
    }

    private (bool, string?) ZoneOf(string name) => cache.Kind(Nodes).Get("", name) is { } node ? (true, NodeZone.Of(node)) : (false, null);

    private static Dictionary<string, string> Labels(KubeObject item, V1Service service)
    {
        var labels = ServiceLabels.Of(item, service.Spec);
        labels[EndpointLabels.ServiceName] = item.Header.Name;
        labels[EndpointLabels.ManagedBy] = ManagedBy;
        return labels;
    }

    private static KeyValuePair<string, string?>? TriggerOf(KubeObject item, SlicePlan plan, IReadOnlyList<SliceContent> existing, List<PodEndpoint> pods)
    {
        if (existing.Count == 0)
        {
            return ServiceLabels.Trigger([item.Header.CreationTimestamp]);
        }

        var news = plan.Changes.SelectMany(c => c.Endpoints.Except(c.Existing?.Endpoints ?? [])).Select(e => e.Target!.Uid).ToHashSet();
        return ServiceLabels.Trigger(news.Count == 0 ? [] : pods.Where(p => news.Contains(p.Item.Header.Uid)).Select(p => p.ReadySince));
    }
}

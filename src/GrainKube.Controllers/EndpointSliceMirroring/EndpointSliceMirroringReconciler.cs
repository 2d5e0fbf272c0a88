using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.EndpointSlices;
using GrainKube.Controllers.ServiceEndpoints;
using k8s.Models;

namespace GrainKube.Controllers.EndpointSliceMirroring;

/// <summary>Repeats in slices the Endpoints that somebody wrote for a service without a selector.</summary>
internal sealed class EndpointSliceMirroringReconciler : Reconciler<V1Endpoints>
{
    public const string ManagedBy = "endpointslicemirroring-controller.k8s.io";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public override string Name => "endpointslicemirroring";

    public override void Configure(ReconcilerWiring wiring) => wiring
        .Reconciles<V1Endpoints>()
        .Owns<V1EndpointSlice>()
        .Watches<V1Service>(change => IsNews(change.Before, change.After) ? [change.Subject.Key with { Resource = "endpoints" }] : []);

    protected override async Task<Outcome> ReconcileAsync(KubeObject item, V1Endpoints endpoints, ReconcileContext context, CancellationToken cancel)
    {
        var existing = SliceWriter.Existing(context, item.Key, ManagedBy);
        var mirrors = IsToBeMirrored(item, endpoints, context);
        if (!mirrors && existing.Count == 0)
        {
            return Outcome.Done;
        }

        var mirrored = mirrors ? MirroredSlices.Of(endpoints) : new MirroredSlices([], 0, 0);
        var metadata = new SliceMetadata(item, Labels(item), Annotations(endpoints));
        var plan = SlicePlan.For(mirrored.Groups, existing, [], metadata.IsStale, MirroredSlices.Capacity);
        try
        {
            await SliceWriter.WriteAsync(plan, metadata, context, cancel);
        }
        catch (ApiException refused) when (SliceWriter.IsOfEndingNamespace(refused))
        {
            return Outcome.Done;
        }
        catch (ApiException refused) when (refused.Status.Code != 409)
        {
            context.Events.Warning(
                item, "FailedToUpdateEndpointSlices", $"Error updating Endpoint Slices for Endpoints {item.Key.Namespace}/{item.Key.Name}: {refused.Message}");
            throw;
        }

        if (plan.Changes.Count > 0)
        {
            TellSkipped(item, mirrored, context);
        }

        return Outcome.Done;
    }

    private static bool IsToBeMirrored(KubeObject item, V1Endpoints endpoints, ReconcileContext context) =>
        item.Header.DeletionTimestamp is null
        && item.Header.Labels.GetValueOrDefault(EndpointLabels.SkipMirror) != "true"
        && endpoints.Metadata.Annotations?.ContainsKey(EndpointLabels.LeaderElection) != true
        && context.Objects.Get(item.Key with { Resource = "services" }) is { } service
        && ServiceSelector.Of(service).Labels.Count == 0;

    private static void TellSkipped(KubeObject item, MirroredSlices mirrored, ReconcileContext context)
    {
        if (mirrored.Invalid > 0)
        {
            context.Events.Warning(item, "InvalidIPAddress", $"Skipped {mirrored.Invalid} invalid IP addresses when mirroring to EndpointSlices");
        }

        if (mirrored.TooMany > 0)
        {
            context.Events.Warning(
                item,
                "TooManyAddressesToMirror",
                $"A max of {MirroredSlices.Capacity} addresses can be mirrored to EndpointSlices per Endpoints subset. {mirrored.TooMany} addresses were skipped");
        }
    }

    private static Dictionary<string, string> Labels(KubeObject item)
    {
        var labels = item.Header.Labels.ToDictionary(l => l.Key, l => l.Value);
        labels[EndpointLabels.ServiceName] = item.Header.Name;
        labels[EndpointLabels.ManagedBy] = ManagedBy;
        return labels;
    }

    private static Dictionary<string, string?> Annotations(V1Endpoints endpoints) =>
        (endpoints.Metadata.Annotations ?? new Dictionary<string, string>())
            .Where(a => a.Key is not (LastApplied or EndpointLabels.TriggerTime))
            .ToDictionary(a => a.Key, string? (a) => a.Value);

    private static bool IsNews(KubeObject? before, KubeObject? after) =>
        before is null || after is null || ServiceSelector.Of(before).Labels.Count == 0 != (ServiceSelector.Of(after).Labels.Count == 0);
}

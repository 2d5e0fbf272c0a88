using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.EndpointSlices;

/// <summary>Makes a <see cref="SlicePlan"/> come true.</summary>
internal static class SliceWriter
{
    /// <exception cref="ApiException">A slice changed meanwhile, or its write was refused: look again.</exception>
    public static async Task WriteAsync(SlicePlan plan, SliceMetadata metadata, ReconcileContext context, CancellationToken cancel)
    {
        // What takes endpoints away comes last, so that one that moves is never missing.
        await Task.WhenAll(plan.Changes.Select(change => change.Existing is { } slice
            ? UpdateAsync(slice, change, metadata, context, cancel)
            : CreateAsync(change, metadata, context, cancel)));
        await Task.WhenAll(plan.Delete.Select(slice => context.Objects.DeleteAsync(slice.Key, new Preconditions(slice.Header.Uid), cancel)));
    }

    private static Task CreateAsync(SliceChange change, SliceMetadata metadata, ReconcileContext context, CancellationToken cancel)
    {
        var head = new JsonObject
        {
            ["generateName"] = metadata.Owner.Header.Name + "-",
            ["namespace"] = metadata.Owner.Key.Namespace,
            ["labels"] = metadata.LabelsFor(null),
            ["ownerReferences"] = new JsonArray(OwnerReferences.ControllerOf(metadata.Owner)),
        };
        if (metadata.AnnotationsFor(null) is { Count: > 0 } annotations)
        {
            head["annotations"] = annotations;
        }

        return context.Objects.CreateAsync(
            new JsonObject
            {
                ["apiVersion"] = "discovery.k8s.io/v1",
                ["kind"] = "EndpointSlice",
                ["metadata"] = head,
                ["addressType"] = change.AddressType,
                ["endpoints"] = Endpoints(change),
                ["ports"] = Ports(change),
            },
            cancel);
    }

    private static Task UpdateAsync(SliceContent slice, SliceChange change, SliceMetadata metadata, ReconcileContext context, CancellationToken cancel)
    {
        var head = new JsonObject { ["labels"] = metadata.LabelsFor(slice), ["annotations"] = metadata.AnnotationsFor(slice) };
        if (slice.Item.Header.Controller?.Uid != metadata.Owner.Header.Uid)
        {
            head["ownerReferences"] = new JsonArray(OwnerReferences.ControllerOf(metadata.Owner));
        }

        return context.Objects.PatchAsync(
            slice.Item.Key,
            new JsonObject { ["metadata"] = head, ["endpoints"] = Endpoints(change), ["ports"] = Ports(change) },
            "",
            new Preconditions(slice.Item.Header.Uid, slice.Item.Revision),
            cancel);
    }

    private static JsonArray Endpoints(SliceChange change) => [.. change.Endpoints.Select(e => e.ToJson())];

    private static JsonArray Ports(SliceChange change) => [.. change.Ports.Select(p => p.ToJson())];

    /// <summary>True where nothing can be made in the namespace any more, which is no failure.</summary>
    public static bool IsOfEndingNamespace(ApiException refused) => refused.Status.Causes.Any(c => c.Reason == "NamespaceTerminating");

    /// <summary>The slices of a service that one controller keeps.</summary>
    public static IReadOnlyList<SliceContent> Existing(ReconcileContext context, ObjectKey service, string manager) =>
    [
        .. context.Objects.Cache.Kind(Slices).WithLabel(ServiceEndpoints.EndpointLabels.ServiceName, service.Name, service.Namespace)
            .Where(s => s.Header.DeletionTimestamp is null && s.Header.Labels.GetValueOrDefault(ServiceEndpoints.EndpointLabels.ManagedBy) == manager)
            .Select(SliceContent.Of),
    ];

    private static readonly GroupResource Slices = new("discovery.k8s.io", "endpointslices");
}

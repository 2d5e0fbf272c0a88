using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Admission webhooks: upstream's <c>MutatingAdmissionWebhook</c> and <c>ValidatingAdmissionWebhook</c>, for every write of clients and of the cluster's own parts.</summary>
internal sealed class Webhooks(WebhookMatching matching, WebhookDispatch dispatch, ResourceRegistry registry) : IOutsideAdmission
{
    public IOutsideReview? Review(ObjectKey key, WriteRequest request)
    {
        if (matching.IsEmpty || !registry.TryFind(key.GroupResource, out var definition))
        {
            return null;
        }

        var candidates = new Dictionary<AdmissionOperation, WebhookCandidates>();
        foreach (var operation in OperationsOf(definition, request))
        {
            if (Find(RequestOf(key, request, definition, operation)) is { } found)
            {
                candidates[operation] = found;
            }
        }

        return candidates.Count == 0 ? null : new WebhookReview(candidates, dispatch);
    }

    /// <summary>Asks about a request that stores nothing: a connection, or a question that the server answers itself.</summary>
    /// <returns>The object as the mutating webhooks want it, and the advice for the user.</returns>
    public async Task<(JsonObject Object, IReadOnlyList<string> Warnings)> ReviewAsync(WebhookRequest request, JsonObject item, CancellationToken cancel)
    {
        if (matching.IsEmpty || Find(request) is not { } found)
        {
            return (item, []);
        }

        var notes = new WebhookNotes();
        item = await dispatch.MutateAsync(found.Mutating, request, item, null, null, notes, cancel) ?? item;
        await dispatch.ValidateAsync(found.Validating, request, item, null, notes, cancel);
        return (item, notes.Warnings);
    }

    private WebhookCandidates? Find(WebhookRequest request)
    {
        var found = matching.Find(request);
        return found.Count == 0 ? null : new WebhookCandidates(request, [.. found.Where(i => i.Webhook.Mutates)], [.. found.Where(i => !i.Webhook.Mutates)]);
    }

    /// <summary>An update or apply of an absent object may turn out to be a create.</summary>
    private static IReadOnlyList<AdmissionOperation> OperationsOf(ResourceDefinition definition, WriteRequest request) => request.Verb switch
    {
        WriteVerb.Create => [AdmissionOperation.Create],
        WriteVerb.Delete => [AdmissionOperation.Delete],
        _ when request.Subresource.Length == 0 && (request.PatchType == PatchType.Apply || (definition.CreatesOnUpdate && request.Verb == WriteVerb.Update)) =>
            [AdmissionOperation.Update, AdmissionOperation.Create],
        _ => [AdmissionOperation.Update],
    };

    private static WebhookRequest RequestOf(ObjectKey key, WriteRequest request, ResourceDefinition definition, AdmissionOperation operation) => new()
    {
        Operation = operation,
        Definition = definition,
        Version = definition.Versions.FirstOrDefault(v => v.ApiVersion == request.ApiVersion) ?? definition.Versions[0],
        Key = key,
        Subresource = request.Subresource,
        User = request.User,
        DryRun = request.DryRun,
        Unnamed = request.Unnamed,
        OwnKind = OwnKindOf(definition, request.Subresource),
    };

    private static WebhookKind? OwnKindOf(ResourceDefinition definition, string subresource) =>
        subresource.Length == 0 ? null
        : subresource == "scale" ? new WebhookKind("autoscaling", "v1", "Scale")
        : definition.Subresources.FirstOrDefault(s => s.Name == subresource) is { BodySchema: not null } own ? new WebhookKind(own.Group, own.Version, own.Kind)
        : null;
}

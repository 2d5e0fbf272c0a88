using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Schemas;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Asks one webhook about one request, and makes of its silence what its failure policy says.</summary>
internal sealed partial class WebhookCalls(WebhookMatching matching, WebhookConnections connections, ILogger<WebhookCalls> logger)
{
    /// <summary>Asks a webhook, where it wants to be asked.</summary>
    /// <param name="invocation">Whom, and in which version.</param>
    /// <param name="request">About what.</param>
    /// <param name="item">The object in the storage version, or null.</param>
    /// <param name="old">What is stored, or null.</param>
    /// <param name="notes">Where warnings and audit annotations go.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>The object as the webhook wants it, in the storage version; null where it wants no change.</returns>
    /// <exception cref="ApiException">The webhook refuses, or cannot be asked and fails closed.</exception>
    public async Task<JsonObject?> AskAsync(WebhookInvocation invocation, WebhookRequest request, JsonObject? item, JsonObject? old, WebhookNotes notes, CancellationToken cancel)
    {
        var webhook = invocation.Webhook;
        if (!matching.Selects(webhook, request, item, old))
        {
            return null;
        }

        var uid = Guid.NewGuid().ToString();
        var converts = request.OwnKind is null;
        var shown = item is null ? null : ServedObjects.InVersion(item, invocation.Version, converts);
        var review = AdmissionReviews.Request(uid, request, invocation, shown, old is null ? null : ServedObjects.InVersion(old, invocation.Version, converts));
        if (!await matching.MeetsConditionsAsync(webhook, request, review, cancel))
        {
            return null;
        }

        if (request.DryRun && !webhook.AllowsDryRun)
        {
            throw ApiException.BadRequest($"admission webhook \"{webhook.Name}\" does not support dry run");
        }

        AdmissionAnswer answer;
        try
        {
            var bytes = await connections.PostAsync(webhook, AdmissionReviews.Envelope(webhook.ReviewVersion, review), cancel);
            answer = AdmissionAnswer.Read(bytes, webhook, uid);
        }
        catch (WebhookFailure failure)
        {
            var message = $"failed calling webhook \"{webhook.Name}\": {failure.Message}";
            if (webhook.FailsClosed)
            {
                LogFailedClosed(webhook.Configuration, webhook.Name, failure.Message);
                throw ApiException.InternalError(message);
            }

            LogFailedOpen(webhook.Configuration, webhook.Name, failure.Message);
            notes.FailedOpen(webhook);
            return null;
        }

        notes.Take(webhook, answer);
        if (!answer.Allowed)
        {
            throw new ApiException(answer.Refusal(webhook.Name));
        }

        var changed = answer.Patch is null || shown is null ? null : Patched(webhook, request, invocation, shown, answer.Patch);
        notes.Asked(webhook, changed is not null, answer.Patch);
        return changed;
    }

    private static JsonObject? Patched(Webhook webhook, WebhookRequest request, WebhookInvocation invocation, JsonObject shown, JsonNode patch)
    {
        try
        {
            var patched = JsonPatch.Apply(shown.DeepClone(), patch);
            return JsonNode.DeepEquals(patched, shown) ? null : request.OwnKind is null
                ? ServedObjects.ToStorage(patched, request.Definition, invocation.Version)
                : patched as JsonObject ?? throw new DecodeException("the patched document is no object");
        }
        catch (Exception malformed) when (malformed is ApiException or DecodeException)
        {
            throw ApiException.InternalError($"the patch of admission webhook \"{webhook.Name}\" makes no object: {malformed.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Configuration}/{Webhook} could not be asked, the request is refused: {Reason}")]
    private partial void LogFailedClosed(string configuration, string webhook, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Configuration}/{Webhook} could not be asked and is passed over: {Reason}")]
    private partial void LogFailedOpen(string configuration, string webhook, string reason);
}

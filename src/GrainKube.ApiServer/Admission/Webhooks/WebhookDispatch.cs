using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>The order in which webhooks are asked: mutating ones one after the other, validating ones all at once.</summary>
internal sealed class WebhookDispatch(WebhookCalls calls)
{
    /// <summary>Lets the mutating webhooks change the object.</summary>
    /// <param name="invocations">The mutating webhooks that the request concerns.</param>
    /// <param name="request">The request.</param>
    /// <param name="item">The object in the storage version, or null on delete.</param>
    /// <param name="old">What is stored, or null.</param>
    /// <param name="again">Runs the server's own mutation over a changed object; null where there is none.</param>
    /// <param name="notes">Where warnings and audit annotations go.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>The changed object, or null where nobody changed it.</returns>
    public async Task<JsonObject?> MutateAsync(
        IReadOnlyList<WebhookInvocation> invocations,
        WebhookRequest request,
        JsonObject? item,
        JsonObject? old,
        Func<JsonObject, Task<JsonObject>>? again,
        WebhookNotes notes,
        CancellationToken cancel)
    {
        var asked = new List<WebhookInvocation>();
        var toAskAgain = new List<WebhookInvocation>();
        JsonObject? changed = null;
        foreach (var invocation in invocations)
        {
            if (await calls.AskAsync(invocation, request, changed ?? item, old, notes, cancel) is { } made)
            {
                changed = made;
                toAskAgain = [.. asked];
            }

            if (invocation.Webhook.IsReinvoked)
            {
                asked.Add(invocation);
            }
        }

        if (changed is null || again is null)
        {
            return changed;
        }

        // The server's own plugins look at what was added; those who have seen another object than came out of it may look once more.
        var completed = await again(changed);
        if (!JsonNode.DeepEquals(completed, changed))
        {
            toAskAgain = asked;
        }

        changed = completed;
        notes.Round = 1;
        foreach (var invocation in toAskAgain)
        {
            changed = await calls.AskAsync(invocation, request, changed, old, notes, cancel) ?? changed;
        }

        return changed;
    }

    /// <summary>Asks the validating webhooks; the first refusal in their order is the answer.</summary>
    public async Task ValidateAsync(
        IReadOnlyList<WebhookInvocation> invocations, WebhookRequest request, JsonObject? item, JsonObject? old, WebhookNotes notes, CancellationToken cancel)
    {
        if (invocations.Count == 1)
        {
            await calls.AskAsync(invocations[0], request, item, old, notes, cancel);
            return;
        }

        await Task.WhenAll(invocations.Select(invocation => calls.AskAsync(invocation, request, item, old, notes, cancel)));
    }
}

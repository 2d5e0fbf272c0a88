using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Selectors;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>Which webhooks a request concerns: first by their rules, then by what the objects and their namespace carry.</summary>
internal sealed class WebhookMatching(WebhookIndex index, IObjectReader objects, IMatchConditions? conditions = null)
{
    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>The webhooks whose rules and namespace selector fit. Nobody may stand in the way of a change of the configurations themselves.</summary>
    public List<WebhookInvocation> Find(WebhookRequest request)
    {
        var found = new List<WebhookInvocation>();
        if (IsExempt(request))
        {
            return found;
        }

        foreach (var webhook in index.All)
        {
            if (WebhookRules.Match(webhook, request) is { } version && (IsNamespace(request) || SelectsNamespace(webhook, request, null, null)))
            {
                found.Add(new WebhookInvocation(webhook, version));
            }
        }

        return found;
    }

    public bool IsEmpty => index.All.Count == 0;

    /// <summary>True where the selectors pick the object, as it is or as it was.</summary>
    public bool Selects(Webhook webhook, WebhookRequest request, JsonObject? item, JsonObject? old) =>
        SelectsNamespace(webhook, request, item, old)
        && (webhook.Objects.IsEverything || HasLabels(webhook.Objects, item) || HasLabels(webhook.Objects, old));

    /// <exception cref="ApiException">403: a condition cannot be evaluated and the webhook fails closed.</exception>
    public async ValueTask<bool> MeetsConditionsAsync(Webhook webhook, WebhookRequest request, JsonObject review, CancellationToken cancel)
    {
        if (webhook.Conditions.Count == 0)
        {
            return true;
        }

        try
        {
            return conditions is null
                ? throw new MatchConditionException("the match conditions of the webhook cannot be evaluated: this server has no expression evaluator")
                : await conditions.AreMetAsync(webhook.Conditions, review, request.User, cancel);
        }
        catch (MatchConditionException failure)
        {
            return webhook.FailsClosed ? throw ApiException.Forbidden(request.Definition.GroupResource, request.Key.Name, failure.Message) : false;
        }
    }

    private static bool IsExempt(WebhookRequest request) => request.Key.Group == "admissionregistration.k8s.io" && request.Definition.Model is not null;

    private static bool IsNamespace(WebhookRequest request) => request.Definition.GroupResource is { Group: "", Resource: "namespaces" };

    /// <summary>What is in no namespace is exempt from the selector; a namespace is judged by its own labels.</summary>
    private bool SelectsNamespace(Webhook webhook, WebhookRequest request, JsonObject? item, JsonObject? old)
    {
        if (webhook.Namespaces.IsEverything)
        {
            return true;
        }

        if (IsNamespace(request))
        {
            return webhook.Namespaces.Matches(Labels((request.Operation == AdmissionOperation.Delete ? old : item) ?? item ?? old));
        }

        return request.Key.Namespace.Length == 0
            || webhook.Namespaces.Matches(objects.Get(CoreKeys.Namespace(request.Key.Namespace))?.Header.Labels ?? NoLabels);
    }

    private static bool HasLabels(LabelSelector selector, JsonObject? item) => item is not null && selector.Matches(Labels(item));

    private static IReadOnlyDictionary<string, string> Labels(JsonObject? item)
    {
        if ((item?["metadata"] as JsonObject)?["labels"] is not JsonObject labels)
        {
            return NoLabels;
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels)
        {
            if (value is JsonValue text && text.TryGetValue(out string? written))
            {
                read[name] = written;
            }
        }

        return read;
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using Microsoft.Extensions.Logging;

namespace GrainKube.ApiServer.Authorization.Outside;

/// <summary>Asks a service outside about the requests that its conditions pick.</summary>
internal sealed partial class WebhookAuthorizer(AccessWebhook options, TimeProvider time, ILogger<WebhookAuthorizer> log) : IAuthorizer
{
    private const string Group = "authorization.k8s.io";
    private readonly ReviewWebhook webhook = options.Service;
    private readonly AccessConditions conditions = new(options.MatchConditions);
    private readonly AnswerCache<AuthorizationDecision> known = new(time);

    public AuthorizationDecision? Known(UserInfo user, RequestInfo request) => Known(user, request, out _);

    public async ValueTask<AuthorizationDecision> AuthorizeAsync(UserInfo user, RequestInfo request, CancellationToken cancel)
    {
        if (Known(user, request, out var spec) is { } found)
        {
            return found;
        }

        var question = spec.ToJsonString();
        JsonObject answer;
        try
        {
            answer = await webhook.PostAsync(
                new JsonObject { ["kind"] = "SubjectAccessReview", ["apiVersion"] = $"{Group}/{webhook.Version}", ["metadata"] = new JsonObject(), ["spec"] = spec }, time, cancel);
        }
        catch (HttpRequestException silent)
        {
            LogSilent(silent);
            return Failed(silent.Message);
        }

        var status = answer["status"] as JsonObject;
        var (allowed, denied, reason) = (Is(status, "allowed"), Is(status, "denied"), ReviewSpec.Text(status, "reason"));
        var decision = allowed && denied
            ? new AuthorizationDecision(false, reason, Denied: true, "webhook subject access review returned both allow and deny response")
            : new AuthorizationDecision(allowed, reason, denied);
        known.Put(question, decision, allowed ? options.AllowedFor : options.RefusedFor);
        return decision;
    }

    public string WhyRulesAreUnknown(UserInfo user) => "webhook authorizer does not support user rule resolution";

    /// <param name="user">Who asks.</param>
    /// <param name="request">What for.</param>
    /// <param name="spec">The question as it would be sent, where the answer is not known.</param>
    private AuthorizationDecision? Known(UserInfo user, RequestInfo request, out JsonObject spec)
    {
        spec = [];
        try
        {
            if (!conditions.Hold(user, request))
            {
                return new AuthorizationDecision(false);
            }
        }
        catch (FormatException broken)
        {
            return Failed(broken.Message);
        }

        spec = Spec(user, request);
        return known.TryGet(spec.ToJsonString(), out var remembered) ? remembered : null;
    }

    private AuthorizationDecision Failed(string why) => new(false, Denied: options.FailsClosed, Error: why);

    private static bool Is(JsonObject? status, string field) => status?[field] is JsonValue value && value.TryGetValue(out bool yes) && yes;

    private JsonObject Spec(UserInfo user, RequestInfo request)
    {
        var spec = new JsonObject();
        if (request.IsResourceRequest)
        {
            spec["resourceAttributes"] = Given(
                ("namespace", request.Namespace), ("verb", request.Verb), ("group", request.ApiGroup), ("version", request.ApiVersion),
                ("resource", request.Resource), ("subresource", request.Subresource), ("name", request.Name));
            SelectorAttributes.AddTo((JsonObject)spec["resourceAttributes"]!, request);
        }
        else
        {
            spec["nonResourceAttributes"] = Given(("path", request.Path), ("verb", request.Verb));
        }

        spec["user"] = user.Name;

        // The name of the field is another in the version before the last.
        spec[webhook.Version == "v1beta1" ? "group" : "groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]);
        if (user.Extra.Count > 0)
        {
            spec["extra"] = new JsonObject(user.Extra.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, new JsonArray([.. e.Value.Select(v => (JsonNode)v)]))));
        }

        if (user.Uid.Length > 0)
        {
            spec["uid"] = user.Uid;
        }

        return spec;
    }

    private static JsonObject Given(params (string Name, string Value)[] fields) =>
        new(fields.Where(f => f.Value.Length > 0).Select(f => KeyValuePair.Create<string, JsonNode?>(f.Name, f.Value)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The authorization webhook does not answer")]
    private partial void LogSilent(Exception exception);
}

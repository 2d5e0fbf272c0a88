using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using k8s;
using k8s.Models;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>What a webhook has answered, checked.</summary>
/// <param name="Allowed">It has nothing against the request.</param>
/// <param name="Result">Why not; as it was sent.</param>
/// <param name="Patch">A JSON patch of the object; null where it wants no change.</param>
/// <param name="Warnings">Advice for the user.</param>
/// <param name="AuditAnnotations">Without the webhook's name.</param>
internal sealed record AdmissionAnswer(
    bool Allowed, V1Status? Result, JsonNode? Patch, IReadOnlyList<string> Warnings, IReadOnlyDictionary<string, string> AuditAnnotations)
{
    /// <exception cref="WebhookFailure">It is no answer to the review of that uid.</exception>
    public static AdmissionAnswer Read(byte[] body, Webhook webhook, string uid)
    {
        try
        {
            var review = JsonNode.Parse(body) as JsonObject ?? throw Invalid("expected an AdmissionReview");
            return Read(review, webhook, uid);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new WebhookFailure($"failed to call webhook: couldn't get version/kind; json parse error: {malformed.Message}", malformed);
        }
    }

    /// <summary>The Status that tells the user of a refusal; what the webhook says of code, reason and details is passed on.</summary>
    public Status Refusal(string webhook)
    {
        var denied = $"admission webhook \"{webhook}\" denied the request";
        var details = Result?.Details;
        return new Status
        {
            Code = Result?.Code is >= 400 and { } code ? code : 400,
            Reason = Result?.Reason ?? "",
            Message = Result?.Message is { Length: > 0 } message ? $"{denied}: {message}"
                : Result?.Reason is { Length: > 0 } reason ? $"{denied}: {reason}"
                : $"{denied} without explanation",
            Name = details?.Name ?? "",
            Group = details?.Group ?? "",
            Kind = details?.Kind ?? "",
            Uid = details?.Uid ?? "",
            RetryAfterSeconds = details?.RetryAfterSeconds ?? 0,
            Causes = [.. (details?.Causes ?? []).Select(c => new StatusCause(c.Reason ?? "", c.Message ?? "", c.Field ?? ""))],
        };
    }

    private static AdmissionAnswer Read(JsonObject review, Webhook webhook, string uid)
    {
        if (review["response"] is not JsonObject response)
        {
            throw new WebhookFailure("received invalid webhook response: webhook response was absent");
        }

        var patch = response["patch"] is { } encoded ? Convert.FromBase64String((string)encoded!) : [];
        var patchType = (string?)response["patchType"];
        if (webhook.ReviewVersion == "v1")
        {
            CheckStrictly(review, response, webhook, uid, patch.Length > 0, patchType);
        }

        return new AdmissionAnswer(
            (bool?)response["allowed"] ?? false,
            response["status"] is JsonObject status ? KubernetesJson.Deserialize<V1Status>(status.ToJsonString()) : null,
            webhook.Mutates && patch.Length > 0 ? Parse(patch) : null,
            [.. (response["warnings"] as JsonArray ?? []).Select(w => (string?)w ?? "").Where(w => w.Length > 0)],
            (response["auditAnnotations"] as JsonObject ?? []).ToDictionary(a => a.Key, a => (string?)a.Value ?? ""));
    }

    private static void CheckStrictly(JsonObject review, JsonObject response, Webhook webhook, string uid, bool hasPatch, string? patchType)
    {
        var answered = (string?)response["uid"] ?? "";
        if (answered != uid)
        {
            throw Invalid($"expected response.uid=\"{uid}\", got \"{answered}\"");
        }

        var (apiVersion, kind) = ((string?)review["apiVersion"] ?? "", (string?)review["kind"] ?? "");
        if (apiVersion != $"{AdmissionReviews.Group}/v1" || kind != "AdmissionReview")
        {
            throw Invalid($"expected webhook response of {AdmissionReviews.Group}/v1, Kind=AdmissionReview, got {apiVersion}, Kind={kind}");
        }

        if (!webhook.Mutates && (hasPatch || patchType is not null))
        {
            throw Invalid(hasPatch ? "validating webhooks may not return response.patch" : "validating webhooks may not return response.patchType");
        }

        if (hasPatch && patchType is null)
        {
            throw Invalid("webhook returned response.patch but not response.patchType");
        }

        if (!hasPatch && patchType is not null)
        {
            throw Invalid("webhook returned response.patchType but not response.patch");
        }

        if (hasPatch && patchType != "JSONPatch")
        {
            throw Invalid($"invalid value of response.patchType: \"{patchType}\"");
        }
    }

    private static JsonNode? Parse(byte[] patch)
    {
        try
        {
            return JsonNode.Parse(patch);
        }
        catch (JsonException malformed)
        {
            throw ApiException.InternalError($"the webhook's patch is no JSON: {malformed.Message} ({Encoding.UTF8.GetString(patch.AsSpan(0, Math.Min(patch.Length, 64)))})");
        }
    }

    private static WebhookFailure Invalid(string why) => new($"received invalid webhook response: {why}");
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Pipeline;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Audit;

/// <summary>What is recorded of one request that a policy wants recorded; the parts of the server add to it as they learn something.</summary>
internal sealed class AuditEvent(AuditLog log, AuditDecision decision, HttpContext http, RequestState state)
{
    private readonly SortedDictionary<string, string> annotations = new(StringComparer.Ordinal);

    public AuditDecision Decision => decision;

    public HttpContext Http => http;

    public RequestState State => state;

    /// <summary>Who made the request, before impersonation; null where that could not be found out.</summary>
    public UserInfo? User { get; } = state.User;

    public DateTimeOffset ReceivedAt { get; } = log.Time.GetUtcNow();

    /// <summary>What was refused; null while nothing is.</summary>
    public Status? Refusal { get; set; }

    /// <summary>The answer's status where there is no refusal; 0 before it is known.</summary>
    public int Code { get; set; }

    /// <summary>What the path does not say, because the body does.</summary>
    public string BodyName { get; private set; } = "";

    public ReadOnlyMemory<byte> RequestObject { get; private set; }

    public ReadOnlyMemory<byte> ResponseObject { get; private set; }

    public IReadOnlyDictionary<string, string> Annotations => annotations;

    /// <summary>The event of a request, where one is recorded.</summary>
    public static AuditEvent? Of(HttpContext http) => http.Features.Get<RequestState>()?.Audit;

    /// <summary>Says something of the request; what webhooks changed is as telling as the request's body, and needs the same level.</summary>
    public void Annotate(string key, string value)
    {
        if (decision.Level >= AuditLevel.Request || !key.StartsWith("patch.webhook.admission.k8s.io/", StringComparison.Ordinal))
        {
            annotations.TryAdd(key, value);
        }
    }

    /// <summary>Says all of this of the request.</summary>
    public void Annotate(IReadOnlyDictionary<string, string>? all)
    {
        foreach (var (key, value) in all ?? new Dictionary<string, string>())
        {
            Annotate(key, value);
        }
    }

    public void Name(string name) => BodyName = name;

    /// <summary>Takes the body of the request; what is no JSON is not recorded.</summary>
    public void Requested(ReadOnlyMemory<byte> json)
    {
        if (decision.Level >= AuditLevel.Request && json.Length > 0 && state.Info.IsResourceRequest)
        {
            RequestObject = Clean(json);
        }
    }

    /// <summary>Takes the body of the answer, which is compact JSON of ours.</summary>
    public void Answered(ReadOnlyMemory<byte> json)
    {
        if (decision.Level >= AuditLevel.RequestResponse && state.Info.IsResourceRequest)
        {
            ResponseObject = decision.OmitManagedFields ? Clean(json) : json;
        }
    }

    /// <summary>Takes an answer of several pieces.</summary>
    public void Answered(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long length)
    {
        if (decision.Level < AuditLevel.RequestResponse)
        {
            return;
        }

        var whole = new ArrayBufferWriter<byte>((int)Math.Max(length, 1));
        foreach (var piece in pieces)
        {
            whole.Write(piece.Span);
        }

        Answered(whole.WrittenMemory);
    }

    /// <summary>Records a stage, unless the policy leaves it out.</summary>
    public ValueTask RecordAsync(AuditStages stage) => (decision.Omitted & stage) == 0 ? log.TakeAsync(AuditEventJson.Write(this, stage, log.Time.GetUtcNow())) : default;

    // A client's JSON may have lines in it, and an event is one.
    private ReadOnlyMemory<byte> Clean(ReadOnlyMemory<byte> json)
    {
        try
        {
            var node = JsonNode.Parse(json.Span);
            if (decision.OmitManagedFields && node is JsonObject item)
            {
                Drop(item);
                foreach (var entry in (item["items"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    Drop(entry);
                }

                foreach (var row in (item["rows"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    Drop(row["object"] as JsonObject);
                }
            }

            return JsonSerializer.SerializeToUtf8Bytes(node);
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException)
        {
            return default;
        }
    }

    private static void Drop(JsonObject? item) => (item?["metadata"] as JsonObject)?.Remove("managedFields");
}

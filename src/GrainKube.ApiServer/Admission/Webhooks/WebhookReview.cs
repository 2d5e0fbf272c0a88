using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>A write that concerns webhooks. Which they are is known for sure when the grain has said whether it creates or updates.</summary>
internal sealed class WebhookReview(IReadOnlyDictionary<AdmissionOperation, WebhookCandidates> candidates, WebhookDispatch dispatch) : IOutsideReview
{
    private readonly WebhookNotes notes = new();

    public bool Mutates => candidates.Values.Any(c => c.Mutating.Count > 0);
    public bool Validates => candidates.Values.Any(c => c.Validating.Count > 0);
    public IReadOnlyList<string> Warnings => notes.Warnings;
    public IReadOnlyDictionary<string, string> AuditAnnotations => notes.AuditAnnotations;

    public async Task<byte[]?> MutateAsync(PreparedWrite prepared, Func<byte[], Task<PreparedWrite>> again, CancellationToken cancel)
    {
        if (!candidates.TryGetValue(prepared.Operation, out var concerned) || concerned.Mutating.Count == 0)
        {
            return null;
        }

        var changed = await dispatch.MutateAsync(
            concerned.Mutating, Prepared(concerned.Request, prepared), Parse(prepared.Object), Parse(prepared.Old), async item => Parse((await again(Kept(item))).Object)!, notes, cancel);
        return changed is null ? null : Kept(changed);
    }

    public Task ValidateAsync(PreparedWrite prepared, CancellationToken cancel)
    {
        if (!candidates.TryGetValue(prepared.Operation, out var concerned))
        {
            return Task.CompletedTask;
        }

        var item = Parse(prepared.Object);
        return dispatch.ValidateAsync(concerned.Validating, Named(Prepared(concerned.Request, prepared), item), item, Parse(prepared.Old), notes, cancel);
    }

    /// <summary>Where the client gave no name, the object has got one from whoever changed it, or the one that was drawn.</summary>
    private static WebhookRequest Named(WebhookRequest request, JsonObject? item) =>
        request is { Unnamed: true, Operation: AdmissionOperation.Create } && (string?)item?["metadata"]?["name"] is { } name ? request with { Key = request.Key with { Name = name } } : request;

    private static WebhookRequest Prepared(WebhookRequest request, PreparedWrite prepared) => request with { Options = Parse(prepared.Options) };

    private static byte[] Kept(JsonObject item)
    {
        var copy = (JsonObject)item.DeepClone();
        (copy["metadata"] as JsonObject)?.Remove("resourceVersion");
        return JsonSerializer.SerializeToUtf8Bytes(copy);
    }

    private static JsonObject? Parse(byte[]? json) => json is null ? null : (JsonObject)JsonNode.Parse(json)!;
}

/// <summary>Who is to be asked about a request.</summary>
internal sealed record WebhookCandidates(WebhookRequest Request, IReadOnlyList<WebhookInvocation> Mutating, IReadOnlyList<WebhookInvocation> Validating);

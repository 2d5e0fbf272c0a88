using System.Diagnostics;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Tables;
using GrainKube.Objects.Writes;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Carries writes to object grains, past the webhooks, and results to clients.</summary>
internal sealed class ObjectWriter(WriteRoute route, Shaping shaping)
{
    public Task<WriteResult> WriteAsync(ObjectKey key, WriteRequest request, CancellationToken cancel) =>
        route.SendAsync(key, Activity.Current is { Recorded: true } activity ? request with { TraceParent = activity.Id } : request, cancel);

    public Task AnswerAsync(ResourceCall call, WriteResult result)
    {
        Responses.Warn(call.Http, result.Warnings);
        AuditEvent.Of(call.Http)?.Annotate(result.AuditAnnotations);

        if (result.Status is { } status)
        {
            return Responses.JsonAsync(call.Http, result.Code, status.ToJson());
        }

        return Responses.JsonAsync(call.Http, result.Code, call.Shape.Form switch
        {
            Form.PartialMetadata => PartialMetadata.Of(result.Json, call.Shape.Meta),
            Form.Table or Form.PartialMetadataList when call.Info.Subresource is "" or "status" && call.Version.FromStorage is null => shaping.One(call, result.AsObject(call.Key)),
            _ => result.Json,
        });
    }
}

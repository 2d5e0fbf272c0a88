using System.Diagnostics;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Tables;
using GrainKube.Objects.Client;
using GrainKube.Objects.Writes;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Carries writes to object grains, again where a silo has just died, and results to clients.</summary>
internal sealed class ObjectWriter(IGrainFactory grains, TimeProvider time)
{
    private readonly WriteRetry retry = new(time);

    public Task<WriteResult> WriteAsync(ObjectKey key, WriteRequest request, CancellationToken cancel) =>
        retry.SendAsync(grains.GetGrain<IObjectGrain>(key.ToString()), request with { TraceParent = Activity.Current is { Recorded: true } activity ? activity.Id : null }, cancel);

    public static Task AnswerAsync(ResourceCall call, WriteResult result)
    {
        Responses.Warn(call.Http, result.Warnings);
        if (result.Status is { } status)
        {
            return Responses.JsonAsync(call.Http, result.Code, status.ToJson());
        }

        var json = call.Shape == Shape.PartialMetadata ? PartialMetadata.Of(result.Json) : result.Json;
        return Responses.JsonAsync(call.Http, result.Code, json);
    }
}

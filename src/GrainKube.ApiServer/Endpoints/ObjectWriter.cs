using System.Diagnostics;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Tables;
using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Carries writes to object grains, again where a silo has just died, and results to clients.</summary>
internal sealed class ObjectWriter(IGrainFactory grains, TimeProvider time)
{
    private const int Attempts = 6;

    public async Task<WriteResult> WriteAsync(ObjectKey key, WriteRequest request, CancellationToken cancel)
    {
        request = request with { TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } activity ? activity.Id : null };
        var grain = grains.GetGrain<IObjectGrain>(key.ToString());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grain.WriteAsync(request).WaitAsync(cancel);
            }
            catch (Exception error) when (attempt < Attempts && (error is SiloUnavailableException or OrleansMessageRejectionException or StoreException { IsTransient: true }))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25 << attempt), time, cancel);
            }
        }
    }

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

using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Placement;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>One object of the API. Its turns are the order of the writes to it; the store's compare is what makes that order safe.</summary>
[PreferLocalServer]
[CollectionAgeLimit(Minutes = 2)]
[GrainType("object")]
internal sealed class ObjectGrain : Grain, IObjectGrain
{
    private readonly WritePipeline pipeline;
    private readonly ObjectKey key;
    private HeldObject? held;

    public ObjectGrain(WritePipeline pipeline, IGrainContext context)
    {
        this.pipeline = pipeline;
        key = ObjectKey.Parse(context.GrainId.Key.ToString()!);
    }

    public async Task<WriteResult> WriteAsync(WriteRequest request)
    {
        using var activity = ObjectsTelemetry.StartWrite(key, request);
        if (activity is not null)
        {
            request = request with { TraceParent = activity.Id };
        }

        (var result, held) = await pipeline.RunAsync(key, request, held);
        return result;
    }

    public Task<PreparedWrite> PrepareAsync(WriteRequest request, PrepareStage stage) => pipeline.PrepareAsync(key, request, stage);
}

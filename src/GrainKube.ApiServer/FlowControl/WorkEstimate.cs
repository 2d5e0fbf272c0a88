using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Cache;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>How many seats a request takes: one, but for lists (and watches that begin with one) a seat for each hundred objects.</summary>
internal sealed class WorkEstimate(WatchCache cache)
{
    private const int ObjectsPerSeat = 100;
    private const int MostSeats = 10;

    public int Of(RequestInfo request, IQueryCollection query, PriorityLevel level)
    {
        if (request.Verb is not ("list" or "watch") || request.Name.Length > 0 || (request.Verb == "watch" && !SendsAll(query)) || cache.TryKind(new GroupResource(request.ApiGroup, request.Resource)) is not { } kind)
        {
            return 1;
        }

        var objects = kind.Snapshot.Count;
        if (int.TryParse(query["limit"], out var limit) && limit > 0)
        {
            objects = Math.Min(objects, limit);
        }

        return Math.Clamp((objects + ObjectsPerSeat - 1) / ObjectsPerSeat, 1, Math.Min(MostSeats, level.WidestRequest));
    }

    private static bool SendsAll(IQueryCollection query) => QueryBool.IsTrue(query["sendInitialEvents"]) || query["resourceVersion"].ToString() is "" or "0";
}

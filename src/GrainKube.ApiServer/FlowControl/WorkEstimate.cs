using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Requests;
using GrainKube.Objects.Cache;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.FlowControl;

/// <summary>What a request is expected to cost.</summary>
/// <param name="Seats">How many it takes.</param>
/// <param name="Lingers">For how long they stay taken when it is over, because its consequences are still being worked on. Its client does not wait for that.</param>
internal readonly record struct Work(int Seats, TimeSpan Lingers = default)
{
    public static Work Least { get; } = new(1);
}

/// <summary>
/// Estimates the work of a request by upstream's rules: a list (or a watch that begins with one) takes a seat for each hundred kilobytes that are held at once; a write takes one for each ten
/// watchers of its object, and keeps them while these are served.
/// </summary>
internal sealed class WorkEstimate(WatchCache cache, WatchCounts watches)
{
    private const int BytesPerSeat = 100_000;
    private const int MostBytesAtOnce = 1_000_000;
    private const int MostListSeats = 100;
    private const int WatchersPerSeat = 10;
    private const int MostWriteSeats = 10;

    /// <summary>So many objects tell the size of all.</summary>
    private const int Sample = 16;
    private static readonly TimeSpan EventDuration = TimeSpan.FromMilliseconds(5);

    public Work Of(RequestInfo request, IQueryCollection query, PriorityLevel level) => request.Verb switch
    {
        "list" => OfList(request, query, level),
        "watch" when SendsAll(query) => OfList(request, query, level),
        "create" or "update" or "patch" or "delete" => OfWrite(request, level),
        _ => Work.Least,
    };

    private Work OfList(RequestInfo request, IQueryCollection query, PriorityLevel level)
    {
        if (request.Name.Length > 0 || cache.TryKind(new GroupResource(request.ApiGroup, request.Resource)) is not { } kind)
        {
            return Work.Least;
        }

        var snapshot = kind.Snapshot;
        var objects = snapshot.Count;
        if (int.TryParse(query["limit"], out var limit) && limit > 0)
        {
            objects = Math.Min(objects, limit);
        }

        var (sampled, bytes) = (0, 0L);
        foreach (var item in snapshot.All.Take(Sample))
        {
            bytes += item.Json.Length;
            sampled++;
        }

        // What is sent goes out piece by piece; only so much of it is in memory at once.
        var atOnce = sampled == 0 ? 0 : Math.Min(bytes / sampled * objects, MostBytesAtOnce);
        return new Work(Math.Clamp((int)((atOnce + BytesPerSeat - 1) / BytesPerSeat), 1, Math.Min(MostListSeats, level.WidestRequest)));
    }

    /// <summary>Work that would need more seats than a write may have takes fewer of them for longer.</summary>
    private Work OfWrite(RequestInfo request, PriorityLevel level)
    {
        var watchers = watches.Of(request);
        if (watchers < WatchersPerSeat)
        {
            return Work.Least;
        }

        var wanted = (watchers + WatchersPerSeat - 1) / WatchersPerSeat;
        var seats = Math.Min(wanted, Math.Min(MostWriteSeats, level.WidestRequest));
        return new Work(seats, EventDuration * wanted / seats);
    }

    private static bool SendsAll(IQueryCollection query) => QueryBool.IsTrue(query["sendInitialEvents"]) || query["resourceVersion"].ToString() is "" or "0";
}

using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using k8s.Models;

namespace GrainKube.Controllers.CronJobs;

/// <summary>A CronJob's status in the making: which of its Jobs run, when one was started, when one succeeded last. Pure.</summary>
internal sealed class CronJobBooks
{
    private readonly List<JsonObject> active;
    private readonly List<(bool Warning, string Reason, string Message)> events = [];
    private readonly List<KubeObject> expired = [];
    private string? lastSchedule;
    private string? lastSuccess;

    private CronJobBooks(KubeObject item)
    {
        var status = item.ToNode()["status"];
        active = [.. (status?["active"] as JsonArray ?? []).OfType<JsonObject>().Select(a => (JsonObject)a.DeepClone())];
        (lastSchedule, lastSuccess) = ((string?)status?["lastScheduleTime"], (string?)status?["lastSuccessfulTime"]);
    }

    /// <summary>References to the Jobs that run.</summary>
    public IReadOnlyList<JsonObject> Active => active;

    public IReadOnlyList<(bool Warning, string Reason, string Message)> Events => events;

    /// <summary>Finished Jobs beyond what the history keeps.</summary>
    public IReadOnlyList<KubeObject> Expired => expired;

    /// <param name="item">The CronJob.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="jobs">The Jobs that it controls.</param>
    public static CronJobBooks Of(KubeObject item, V1CronJobSpec spec, IReadOnlyList<KubeObject> jobs)
    {
        var books = new CronJobBooks(item);
        books.Expire(jobs, "Complete", spec.SuccessfulJobsHistoryLimit);
        books.Expire(jobs, "Failed", spec.FailedJobsHistoryLimit);
        foreach (var job in jobs)
        {
            books.Look(job);
        }

        foreach (var missing in books.active.Where(a => !jobs.Any(j => j.Header.Uid == (string?)a["uid"])).ToList())
        {
            books.active.Remove(missing);
            books.events.Add((false, "MissingJob", $"Active job went missing: {missing["name"]}"));
        }

        return books;
    }

    /// <summary>How the Job ended: <c>Complete</c>, <c>Failed</c>, or null while it has not.</summary>
    public static string? EndOf(KubeObject job) =>
        job.As<V1Job>().Status?.Conditions?.FirstOrDefault(c => c is { Type: "Complete" or "Failed", Status: "True" })?.Type;

    public void Start(KubeObject job, DateTimeOffset at)
    {
        if (EndOf(job) is null && !active.Exists(a => (string?)a["uid"] == job.Header.Uid))
        {
            active.Add(CronJobNames.Reference(job));
        }

        lastSchedule = GoTime.Format(at);
    }

    public void Forget(string uid) => active.RemoveAll(a => (string?)a["uid"] == uid);

    public JsonObject Fields() => new()
    {
        ["active"] = active.Count == 0 ? null : new JsonArray([.. active.Select(a => a.DeepClone())]),
        ["lastScheduleTime"] = lastSchedule,
        ["lastSuccessfulTime"] = lastSuccess,
    };

    private void Look(KubeObject job)
    {
        var (end, known) = (EndOf(job), active.Exists(a => (string?)a["uid"] == job.Header.Uid));
        if (!known && end is null)
        {
            events.Add((true, "UnexpectedJob", $"Saw a job that the controller did not create or forgot: {job.Header.Name}"));
        }
        else if (known && end is not null)
        {
            Forget(job.Header.Uid);
            events.Add((false, "SawCompletedJob", $"Saw completed job: {job.Header.Name}, condition: {end}"));
        }

        if (end == "Complete" && job.As<V1Job>().Status.CompletionTime is { } at
            && (lastSuccess is null || at.ToUniversalTime() > DateTimeOffset.Parse(lastSuccess, CultureInfo.InvariantCulture).UtcDateTime))
        {
            lastSuccess = GoTime.Format(new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero));
        }
    }

    private void Expire(IReadOnlyList<KubeObject> jobs, string end, int? limit)
    {
        var finished = jobs.Where(j => EndOf(j) == end).ToList();
        expired.AddRange(finished
            .OrderBy(j => j.As<V1Job>().Status.StartTime ?? DateTime.MaxValue)
            .ThenBy(j => j.Header.Name, StringComparer.Ordinal)
            .Take(finished.Count - (limit ?? int.MaxValue)));
    }
}

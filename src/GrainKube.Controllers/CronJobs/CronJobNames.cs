using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Resources.Batch.CronJobs;
using GrainKube.Resources.Batch.Jobs;

namespace GrainKube.Controllers.CronJobs;

/// <summary>The Job of one start: its name tells the minute, so that the same start is never made twice.</summary>
internal static class CronJobNames
{
    public static string JobOf(string cronJob, DateTimeOffset start) =>
        string.Create(CultureInfo.InvariantCulture, $"{cronJob}-{start.ToUnixTimeSeconds() / 60}");

    /// <summary>The Job as it is created.</summary>
    public static JsonObject Job(KubeObject cronJob, DateTimeOffset start, string? timeZone)
    {
        var template = cronJob.ToNode()["spec"]!["jobTemplate"]!;
        var annotations = template["metadata"]?["annotations"]?.DeepClone() as JsonObject ?? [];
        annotations[JobNames.ScheduledTimestamp] = Local(start, timeZone);
        var metadata = new JsonObject
        {
            ["name"] = JobOf(cronJob.Header.Name, start),
            ["namespace"] = cronJob.Key.Namespace,
            ["annotations"] = annotations,
            ["ownerReferences"] = new JsonArray(OwnerReferences.ControllerOf(cronJob)),
        };
        if (template["metadata"]?["labels"] is { } labels)
        {
            metadata["labels"] = labels.DeepClone();
        }

        return new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
    }

    /// <summary>A reference for <c>status.active</c>.</summary>
    public static JsonObject Reference(KubeObject job) => new()
    {
        ["apiVersion"] = job.Header.ApiVersion,
        ["kind"] = job.Header.Kind,
        ["name"] = job.Header.Name,
        ["namespace"] = job.Key.Namespace,
        ["uid"] = job.Header.Uid,
        ["resourceVersion"] = job.Revision.ToString(CultureInfo.InvariantCulture),
    };

    private static string Local(DateTimeOffset start, string? timeZone)
    {
        var local = timeZone is not null && CronSchedule.Zone(timeZone) is { } zone ? TimeZoneInfo.ConvertTime(start, zone) : start.ToUniversalTime();
        return local.ToString(local.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Controllers.Statuses;
using GrainKube.Resources.Batch.Jobs;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>A job's status as a plan wants it, and the events that go with the change. Pure.</summary>
internal sealed class JobStatusFields
{
    private readonly List<(bool Warning, string Reason, string Message)> events = [];

    private JobStatusFields(JsonObject fields) => Fields = fields;

    /// <summary>The fields; null means absent.</summary>
    public JsonObject Fields { get; }

    /// <summary>To be told when the status has been written.</summary>
    public IReadOnlyList<(bool Warning, string Reason, string Message)> Events => events;

    /// <param name="item">The job.</param>
    /// <param name="job">Its typed view.</param>
    /// <param name="plan">What was decided.</param>
    /// <param name="created">How many pods could be made.</param>
    /// <param name="now">The time.</param>
    public static JobStatusFields Of(KubeObject item, V1Job job, JobPlan plan, int created, DateTimeOffset now)
    {
        var (pods, accounts) = (plan.Pods, plan.Accounts);
        var made = new JobStatusFields(new JsonObject
        {
            ["active"] = NullIfZero(pods.Active.Count - plan.Delete.Count + created),
            ["ready"] = pods.Active.Count(p => p.IsReady) - plan.Delete.Count(p => p.IsReady),
            ["terminating"] = pods.Terminating + plan.Delete.Count,
            ["succeeded"] = NullIfZero(accounts.Succeeded),
            ["failed"] = NullIfZero(accounts.Failed),
            ["uncountedTerminatedPods"] = Uncounted(accounts),
        });
        if (pods.IsIndexed)
        {
            made.Fields["completedIndexes"] = accounts.SucceededIndexes.Count == 0 ? null : JobIndexes.Format(accounts.SucceededIndexes);
            made.Fields["failedIndexes"] = pods.LimitPerIndex is null ? null : JobIndexes.Format(pods.FailedIndexes);
        }

        made.Tell(item, job, plan, now);
        return made;
    }

    /// <summary>A merge patch that brings the status there, members of the nested object included; null where it is so already.</summary>
    public JsonObject? Patch(KubeObject item)
    {
        if (!StatusPatch.Changes(item, Fields))
        {
            return null;
        }

        var patch = (JsonObject)Fields.DeepClone();
        var uncounted = patch["uncountedTerminatedPods"]!.AsObject();
        uncounted.TryAdd("succeeded", null);
        uncounted.TryAdd("failed", null);
        return patch;
    }

    private void Tell(KubeObject item, V1Job job, JobPlan plan, DateTimeOffset now)
    {
        var conditions = Conditions.Of(item);
        var start = job.Status?.StartTime is not null;
        if (plan.Suspended is { } suspended)
        {
            start = Suspend(conditions, suspended, start, now);
        }

        if (!start && job.Spec.Suspend != true)
        {
            Fields["startTime"] = GoTime.Format(now);
        }

        if (plan.Verdict is { } verdict)
        {
            Set(conditions, verdict.Interim, true, verdict.Reason, verdict.Message, now);
            if (plan.Finishes)
            {
                Finish(job, plan, verdict, conditions, now);
            }
        }

        Fields["conditions"] = conditions.ToJsonOrNull();
    }

    /// <returns>Whether the job has a start time that still counts.</returns>
    private bool Suspend(Conditions conditions, bool suspended, bool started, DateTimeOffset now)
    {
        if (suspended && !conditions.IsTrue("Suspended"))
        {
            Set(conditions, "Suspended", true, "JobSuspended", "Job suspended", now);
            events.Add((false, "Suspended", "Job suspended"));
            Fields["startTime"] = null;
            return false;
        }

        if (!suspended && conditions.IsTrue("Suspended"))
        {
            Set(conditions, "Suspended", false, "JobResumed", "Job resumed", now);
            events.Add((false, "Resumed", "Job resumed"));
            return false; // it starts now: the deadline does not run while a job is suspended
        }

        return started;
    }

    private void Finish(V1Job job, JobPlan plan, JobVerdict verdict, Conditions conditions, DateTimeOffset now)
    {
        Set(conditions, verdict.Final, true, verdict.Reason, verdict.Message, now);
        if (!verdict.Success)
        {
            events.Add((true, verdict.Reason, verdict.Message));
            return;
        }

        Fields["completionTime"] = GoTime.Format(now);
        if (plan.Accounts.Succeeded > job.Spec.Completions)
        {
            events.Add((true, "TooManySucceededPods", "Too many succeeded pods running after completion count reached"));
        }

        events.Add((false, "Completed", "Job completed"));
    }

    private static void Set(Conditions conditions, string type, bool status, string reason, string message, DateTimeOffset now)
    {
        var before = conditions[type];
        conditions.Set(type, status, reason, message, now);
        if (conditions[type] is { } made && !ReferenceEquals(made, before))
        {
            made["lastProbeTime"] = GoTime.Format(now);
        }
    }

    private static JsonObject Uncounted(JobAccounts accounts)
    {
        var made = new JsonObject();
        Add("succeeded", accounts.UncountedSucceeded);
        Add("failed", accounts.UncountedFailed);
        return made;

        void Add(string name, IReadOnlyList<string> uids)
        {
            if (uids.Count > 0)
            {
                made[name] = new JsonArray([.. uids.Select(u => (JsonNode)u)]);
            }
        }
    }

    private static JsonNode? NullIfZero(int count) => count == 0 ? null : count;
}

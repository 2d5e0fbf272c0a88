using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.Controllers.Jobs;
using GrainKube.Controllers.Statuses;
using GrainKube.Testing.Clusters;
using k8s.Models;

namespace GrainKube.Controllers.Tests.Jobs;

/// <summary>A job and its pods in memory: carries a plan out step by step, and can stop after any step as a controller that dies does.</summary>
internal sealed class JobWorld(JsonObject job)
{
    private readonly List<JsonObject> pods = [];
    private readonly Dictionary<string, string> ends = [];
    private int names;

    public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int Active => pods.Count(IsActive);

    public IEnumerable<string> Conditions => (job["status"]?["conditions"] as JsonArray ?? []).Where(c => (string?)c!["status"] == "True").Select(c => (string)c!["type"]!);

    public bool IsFinished => Conditions.Any(c => c is "Complete" or "Failed");

    public int Count(string counter) => (int?)job["status"]?[counter] ?? 0;

    /// <summary>Pods that ever reached that end.</summary>
    public int Ended(string phase) => ends.Values.Count(e => e == phase);

    public void Change(Action<JsonObject> change) => change(job["spec"]!.AsObject());

    public void FinishOne(string phase)
    {
        if (pods.Find(IsActive) is { } pod)
        {
            pod["status"] = new JsonObject { ["phase"] = phase };
            ends[(string)pod["metadata"]!["uid"]!] = phase;
        }
    }

    /// <summary>One round of the controller, which dies after so many of its three steps: pods, status, finalizers.</summary>
    public void Run(int diesAfter)
    {
        var item = Sample.Object("batch", "jobs", job);
        var view = item.As<V1Job>();
        if (IsFinished)
        {
            return;
        }

        var plan = JobPlan.For(view, false, [.. pods.Select(p => Sample.Object("", "pods", p))], Now);
        if (diesAfter == 0)
        {
            return;
        }

        foreach (var gone in plan.Delete)
        {
            pods.RemoveAll(p => (string)p["metadata"]!["uid"]! == gone.Uid);
        }

        foreach (var wanted in plan.Create)
        {
            var pod = wanted.Build(item, job["spec"]!["template"]!);
            var name = string.Create(CultureInfo.InvariantCulture, $"p{names++}");
            pod["metadata"]!["name"] = name;
            pod["metadata"]!["uid"] = name;
            pods.Add(pod);
        }

        if (diesAfter == 1)
        {
            return;
        }

        var fields = JobStatusFields.Of(item, view, plan, plan.Create.Count, Now).Fields;
        if (StatusPatch.Changes(item, fields))
        {
            job["status"] = new JsonObject((job["status"] as JsonObject ?? []).Where(f => !fields.ContainsKey(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))
                .Concat(fields.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))));
        }

        if (diesAfter == 2)
        {
            return;
        }

        foreach (var counted in plan.Accounts.Release)
        {
            pods.Find(p => (string)p["metadata"]!["uid"]! == counted.Uid)?["metadata"]!.AsObject().Remove("finalizers");
        }
    }

    private static bool IsActive(JsonObject pod) => (string?)pod["status"]?["phase"] is not ("Succeeded" or "Failed");
}

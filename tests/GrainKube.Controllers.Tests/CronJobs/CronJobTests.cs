using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.CronJobs;

[Collection(ClusterTests.Name)]
public sealed class CronJobTests(ClusterFixture fixture)
{
    private const string EverySecond = "@every 1s";

    [Fact]
    public async Task A_job_is_made_at_its_time_and_named_after_it()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(CronJob("tick", EverySecond, "\"successfulJobsHistoryLimit\":1", exits: true));

        var job = (await ns.EventuallyAsync<V1Job>("", jobs => jobs.Count > 0))[0];

        var due = DateTimeOffset.Parse(job.Metadata.Annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"], CultureInfo.InvariantCulture);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"tick-{due.ToUnixTimeSeconds() / 60}"), job.Metadata.Name);
        Assert.Equal(("CronJob", "tick", true), (job.Metadata.OwnerReferences[0].Kind, job.Metadata.OwnerReferences[0].Name, job.Metadata.OwnerReferences[0].Controller));
        await SaidAsync("SuccessfulCreate", $"Created job {job.Metadata.Name}");
        await ns.EventuallyOneAsync<V1CronJob>("tick", c => c.Status?.LastSuccessfulTime is not null && c.Status.LastScheduleTime is not null && c.Status.Active is not { Count: > 0 });
        await SaidAsync("SawCompletedJob", $"Saw completed job: {job.Metadata.Name}, condition: Complete");

        // Among others: with the next minute there is another job.
        Task SaidAsync(string reason, string message) => ns.EventuallyAsync<Corev1Event>("", all => all.Any(e => e.InvolvedObject.Name == "tick" && e.Reason == reason && e.Message == message));
    }

    [Fact]
    public async Task A_suspended_one_makes_nothing_and_a_forbidding_one_only_one()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(CronJob("off", EverySecond, "\"suspend\":true", exits: false));
        await ns.ApplyAsync(CronJob("one", EverySecond, "\"concurrencyPolicy\":\"Forbid\",\"suspend\":true", exits: false));
        var before = await ns.ApplyAsync(await OwnedJobAsync(ns, "one", "before", exits: false));
        await ns.PatchAsync<V1CronJob>("one", $$"""
            {"status":{"active":[{"kind":"Job","apiVersion":"batch/v1","name":"before","namespace":"{{ns.Name}}","uid":"{{before.Header.Uid}}"}]} }
            """, "status");

        await ns.PatchAsync<V1CronJob>("one", """{"spec":{"suspend":false} }""");

        Assert.Equal(
            "Not starting job because prior execution is running and concurrency policy is Forbid", (await ns.EventAsync("one", "JobAlreadyActive")).Message);
        await ns.EventuallyAsync<V1Job>("", jobs => jobs is [{ Metadata.Name: "before" }]);
    }

    [Fact]
    public async Task A_running_job_that_is_deleted_leaves_the_list()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(CronJob("one", EverySecond, "\"concurrencyPolicy\":\"Forbid\"", exits: false));
        var first = (await ns.EventuallyOneAsync<V1CronJob>("one", c => c.Status?.Active is [_])).Status.Active[0];
        await ns.PatchAsync<V1CronJob>("one", """{"spec":{"suspend":true} }""");

        await ns.DeleteAsync<V1Job>(first.Name, GrainKube.Objects.Writes.DeletePropagation.Background);

        await ns.EventuallyOneAsync<V1CronJob>("one", c => c.Status?.Active is not { Count: > 0 });
        Assert.Equal($"Active job went missing: {first.Name}", (await ns.EventAsync("one", "MissingJob")).Message);
    }

    [Fact]
    public async Task Finished_jobs_beyond_the_history_are_deleted()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(CronJob("kept", "0 0 1 1 *", "\"successfulJobsHistoryLimit\":1", exits: true));
        await ns.ApplyAsync(await OwnedJobAsync(ns, "kept", "a", exits: true));
        await ns.ApplyAsync(await OwnedJobAsync(ns, "kept", "b", exits: true));

        await ns.EventAsync("kept", "SuccessfulDelete");
        await ns.EventuallyAsync<V1Job>("", jobs => jobs.Count == 1);
    }

    [Fact]
    public async Task A_finished_job_goes_when_its_time_has_passed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        var job = CronJob("x", "", "", exits: true)["spec"]!["jobTemplate"]!["spec"]!.DeepClone();
        job["ttlSecondsAfterFinished"] = 1;
        await ns.ApplyAsync(new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["metadata"] = new JsonObject { ["name"] = "short" }, ["spec"] = job });
        await ns.EventuallyOneAsync<V1Job>("short", j => j.Status?.CompletionTime is not null);

        await ns.GoneAsync<V1Job>("short");
        await ns.EventuallyAsync<V1Pod>("", pods => pods.Count == 0);
    }

    private static async Task<JsonObject> OwnedJobAsync(TestNamespace ns, string owner, string name, bool exits) => new()
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "Job",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "batch/v1", ["kind"] = "CronJob", ["name"] = owner, ["uid"] = (await ns.GetAsync<V1CronJob>(owner)).Metadata.Uid, ["controller"] = true,
            }),
        },
        ["spec"] = CronJob("x", "", "", exits)["spec"]!["jobTemplate"]!["spec"]!.DeepClone(),
    };

    private static JsonObject CronJob(string name, string schedule, string spec, bool exits) => Sample.Parse($$"""
        {"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"{{name}}"},"spec":{"schedule":"{{schedule}}"{{(spec.Length > 0 ? "," : "")}}{{spec}},
         "jobTemplate":{"spec":{"template":{"metadata":{"annotations":{ {{(exits ? "\"simulation.grainkube.io/exit-after\":\"0.05\"" : "")}} } },
         "spec":{"restartPolicy":"Never","terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"app:1"}]} } } } } }
        """);
}

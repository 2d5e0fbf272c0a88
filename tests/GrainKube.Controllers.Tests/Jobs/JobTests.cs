using System.Text.Json.Nodes;
using GrainKube.Objects.Writes;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Jobs;

[Collection(ClusterTests.Name)]
public sealed class JobTests(ClusterFixture fixture)
{
    private const string Exits = "\"simulation.grainkube.io/exit-after\":\"0.05\"";

    [Fact]
    public async Task A_job_runs_to_its_completions_and_says_so()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("done", "\"completions\":3,\"parallelism\":2", Exits));

        var job = await ns.EventuallyOneAsync<V1Job>("done", IsComplete);

        Assert.Equal((3, null, 0, 0), (job.Status.Succeeded, job.Status.Failed, job.Status.Active ?? 0, job.Status.Terminating));
        Assert.Equal(["SuccessCriteriaMet", "Complete"], job.Status.Conditions.Select(c => c.Type));
        Assert.All(job.Status.Conditions, c => Assert.Equal(("CompletionsReached", "Reached expected number of succeeded pods"), (c.Reason, c.Message)));
        Assert.NotNull(job.Status.CompletionTime);
        Assert.Equal(job.Metadata.Uid, job.Spec.Selector.MatchLabels["batch.kubernetes.io/controller-uid"]);
        Assert.Equal("Job completed", (await ns.EventAsync("done", "Completed")).Message);
        var pods = await ns.EventuallyAsync<V1Pod>("job-name=done", all => all.Count == 3 && all.All(p => p.Metadata.Finalizers is not { Count: > 0 }));
        Assert.All(pods, p => Assert.Equal("Succeeded", p.Status.Phase));
    }

    [Fact]
    public async Task An_indexed_job_names_and_numbers_its_pods()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("many", "\"completions\":4,\"parallelism\":4,\"completionMode\":\"Indexed\"", Exits));

        var job = await ns.EventuallyOneAsync<V1Job>("many", IsComplete);

        Assert.Equal(("0-3", 4), (job.Status.CompletedIndexes, job.Status.Succeeded));
        var pod = (await ns.EventuallyAsync<V1Pod>("batch.kubernetes.io/job-completion-index=2", all => all.Count == 1))[0];
        Assert.StartsWith("many-2-", pod.Metadata.Name);
        Assert.Equal(("many-2", "2"), (pod.Spec.Hostname, pod.Metadata.Annotations["batch.kubernetes.io/job-completion-index"]));
        Assert.Equal("metadata.labels['batch.kubernetes.io/job-completion-index']", pod.Spec.Containers[0].Env.Single(e => e.Name == "JOB_COMPLETION_INDEX").ValueFrom.FieldRef.FieldPath);
    }

    [Fact]
    public async Task A_job_whose_pods_fail_ends_at_its_limit()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("bad", "\"backoffLimit\":0", Exits + ",\"simulation.grainkube.io/exit-code\":\"3\""));

        var job = await ns.EventuallyOneAsync<V1Job>("bad", j => Has(j, "Failed"));

        Assert.Equal(["FailureTarget", "Failed"], job.Status.Conditions.Select(c => c.Type));
        Assert.Equal(("BackoffLimitExceeded", "Job has reached the specified backoff limit"), (job.Status.Conditions[1].Reason, job.Status.Conditions[1].Message));
        Assert.Equal(1, job.Status.Failed);
        Assert.Equal("Warning", (await ns.EventAsync("bad", "BackoffLimitExceeded")).Type);
    }

    [Fact]
    public async Task Indexes_fail_by_themselves_under_a_limit_per_index()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job(
            "some", "\"completions\":2,\"parallelism\":2,\"completionMode\":\"Indexed\",\"backoffLimitPerIndex\":0", Exits + ",\"simulation.grainkube.io/exit-code\":\"1\""));

        var job = await ns.EventuallyOneAsync<V1Job>("some", j => Has(j, "Failed"));

        Assert.Equal(("FailedIndexes", "0,1", 2), (job.Status.Conditions[^1].Reason, job.Status.FailedIndexes, job.Status.Failed));
    }

    [Fact]
    public async Task A_success_policy_ends_the_job_early()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("early", "\"completions\":2,\"parallelism\":2,\"completionMode\":\"Indexed\",\"successPolicy\":{\"rules\":[{\"succeededIndexes\":\"0\"}]}", ""));
        var first = (await ns.EventuallyAsync<V1Pod>("batch.kubernetes.io/job-completion-index=0", all => all is [{ Status.Phase: "Running" }]))[0];

        await ns.PatchAsync<V1Pod>(first.Metadata.Name, """{"status":{"phase":"Succeeded"} }""", "status");

        var job = await ns.EventuallyOneAsync<V1Job>("early", IsComplete);
        Assert.Equal(("SuccessPolicy", "Matched rules at index 0", "0"), (job.Status.Conditions[0].Reason, job.Status.Conditions[0].Message, job.Status.CompletedIndexes));
        Assert.Null(job.Status.Failed);
        await ns.EventuallyAsync<V1Pod>("batch.kubernetes.io/job-completion-index=1", all => all.Count == 0);
    }

    [Fact]
    public async Task A_job_is_suspended_and_resumed()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("paused", "\"parallelism\":2,\"completions\":2", ""));
        await ns.EventuallyOneAsync<V1Job>("paused", j => j.Status?.Active == 2 && j.Status.Ready == 2);

        await ns.PatchAsync<V1Job>("paused", """{"spec":{"suspend":true} }""");
        var job = await ns.EventuallyOneAsync<V1Job>("paused", j => Has(j, "Suspended") && (j.Status.Active ?? 0) == 0 && j.Status.Terminating == 0);
        Assert.Null(job.Status.Failed);
        await ns.EventAsync("paused", "Suspended");

        await ns.PatchAsync<V1Job>("paused", """{"spec":{"suspend":false} }""");
        await ns.EventuallyOneAsync<V1Job>("paused", j => !Has(j, "Suspended") && j.Status.Active == 2);
        await ns.EventAsync("paused", "Resumed");
    }

    [Fact]
    public async Task A_deadline_ends_the_job()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("late", "\"activeDeadlineSeconds\":1", ""));

        var job = await ns.EventuallyOneAsync<V1Job>("late", j => Has(j, "Failed"));

        Assert.Equal(("DeadlineExceeded", "Job was active longer than specified deadline"), (job.Status.Conditions[^1].Reason, job.Status.Conditions[^1].Message));
    }

    [Fact]
    public async Task Matching_orphans_are_adopted_and_others_released()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("own", "\"parallelism\":2,\"completions\":2", ""));
        var pod = (await ns.EventuallyAsync<V1Pod>("job-name=own", all => all.Count == 2))[0];

        await ns.PatchAsync<V1Pod>(pod.Metadata.Name, """{"metadata":{"ownerReferences":null} }""");
        await ns.EventuallyOneAsync<V1Pod>(pod.Metadata.Name, p => p.Metadata.OwnerReferences is [{ Kind: "Job" }] && p.Metadata.Finalizers is ["batch.kubernetes.io/job-tracking"]);

        await ns.PatchAsync<V1Pod>(pod.Metadata.Name, """{"metadata":{"labels":null} }""");
        await ns.EventuallyOneAsync<V1Pod>(pod.Metadata.Name, p => p.Metadata.OwnerReferences is not { Count: > 0 } && p.Metadata.Finalizers is not { Count: > 0 });
    }

    [Fact]
    public async Task A_deleted_job_takes_its_pods_along_and_lets_go_of_orphans()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job("gone", "\"parallelism\":1", ""));
        await ns.ApplyAsync(Job("left", "\"parallelism\":1", ""));
        await ns.EventuallyAsync<V1Pod>("", all => all.Count == 2 && all.All(p => p.Status?.Phase == "Running"));

        await ns.DeleteAsync<V1Job>("gone", DeletePropagation.Foreground);
        await ns.DeleteAsync<V1Job>("left", DeletePropagation.Orphan);

        await ns.GoneAsync<V1Job>("gone");
        await ns.GoneAsync<V1Job>("left");
        await ns.EventuallyAsync<V1Pod>("", all => all is [var pod] && pod.Metadata.OwnerReferences is not { Count: > 0 } && pod.Metadata.Finalizers is not { Count: > 0 });
    }

    [Fact]
    public async Task A_pod_that_is_disrupted_is_ignored_where_the_policy_says_so()
    {
        var ns = await fixture.Cluster.NamespaceAsync();
        await ns.ApplyAsync(Job(
            "kept", "\"backoffLimit\":0,\"podFailurePolicy\":{\"rules\":[{\"action\":\"Ignore\",\"onPodConditions\":[{\"type\":\"DisruptionTarget\"}]}]}", ""));
        var pod = (await ns.EventuallyAsync<V1Pod>("job-name=kept", all => all is [{ Status.Phase: "Running" }]))[0];

        await ns.PatchAsync<V1Pod>(
            pod.Metadata.Name, """{"status":{"phase":"Failed","conditions":[{"type":"DisruptionTarget","status":"True","lastTransitionTime":"2030-01-01T00:00:00Z"}]} }""", "status");

        await ns.EventuallyOneAsync<V1Pod>(pod.Metadata.Name, p => p.Metadata.Finalizers is not { Count: > 0 });
        var job = await ns.GetAsync<V1Job>("kept"); // a pod is let go when it has been counted, and its successor comes any moment
        Assert.Equal((0, false), (job.Status.Failed ?? 0, Has(job, "Failed")));
    }

    private static bool IsComplete(V1Job job) => Has(job, "Complete");

    private static bool Has(V1Job job, string condition) => job.Status?.Conditions?.Any(c => c.Type == condition && c.Status == "True") == true;

    private static JsonObject Job(string name, string spec, string annotations) => Sample.Parse($$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"{{name}}"},"spec":{ {{spec}},
         "template":{"metadata":{"annotations":{ {{annotations}} } },
         "spec":{"restartPolicy":"Never","terminationGracePeriodSeconds":0,"containers":[{"name":"main","image":"app:1"}]} } } }
        """);
}

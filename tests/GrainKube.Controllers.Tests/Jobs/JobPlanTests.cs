using System.Text.Json.Nodes;
using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Jobs;
using GrainKube.Resources.Batch.Jobs;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Jobs;

public sealed class JobPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Whatever_pods_do_and_whenever_the_controller_dies_every_end_is_counted_once()
    {
        var round = from finishes in Gen.Int[0, 3] from fails in Gen.Bool from dies in Gen.Int[0, 3] select (finishes, fails, dies);
        (from completions in Gen.Int[1, 6] from parallelism in Gen.Int[1, 4] from indexed in Gen.Bool from rounds in round.Array[1, 25]
         select (completions, parallelism, indexed, rounds)).Sample(
            c =>
            {
                var world = new JobWorld(Job($$"""
                    "completions":{{c.completions}},"parallelism":{{c.parallelism}},"completionMode":"{{(c.indexed ? "Indexed" : "NonIndexed")}}","backoffLimit":1000
                    """));
                foreach (var (finishes, fails, dies) in c.rounds)
                {
                    world.Now += TimeSpan.FromMinutes(11);
                    world.Run(diesAfter: dies);
                    if (world.Active > c.parallelism)
                    {
                        return false;
                    }

                    for (var i = 0; i < finishes; i++)
                    {
                        world.FinishOne(fails && i == 0 ? "Failed" : "Succeeded");
                    }
                }

                for (var i = 0; i < 60 && !world.IsFinished; i++)
                {
                    world.Now += TimeSpan.FromMinutes(11);
                    world.Run(diesAfter: 3);
                    world.FinishOne("Succeeded");
                }

                return world.IsFinished
                    && world.Count("failed") == world.Ended("Failed")
                    && world.Count("succeeded") == c.completions
                    && (c.indexed || world.Ended("Succeeded") == c.completions);
            },
            iter: 300);
    }

    [Fact]
    public void Indexes_read_back_what_they_wrote() => Gen.Int[0, 60].HashSet[0, 40].Sample(
        set =>
        {
            var indexes = new SortedSet<int>(set);
            var text = JobIndexes.Format(indexes);
            return JobIndexes.Parse(text, 100).SetEquals(indexes) && JobIndexes.Problem(text, 100, out var total) is null && total == indexes.Count;
        },
        iter: 1000);

    [Theory]
    [InlineData(new[] { 0, 2, 3, 4, 6, 7, 9 }, "0,2-4,6,7,9")]
    [InlineData(new[] { 1 }, "1")]
    [InlineData(new int[0], "")]
    public void Indexes_are_written_as_upstream_writes_them(int[] indexes, string text) => Assert.Equal(text, JobIndexes.Format([.. indexes]));

    [Fact]
    public void A_failed_pods_replacement_waits_ten_seconds_doubled_each_time()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), JobBackoff.Remaining(1, Now, Now));
        Assert.Equal(TimeSpan.FromSeconds(35), JobBackoff.Remaining(3, Now, Now.AddSeconds(5)));
        Assert.Equal(TimeSpan.FromMinutes(10), JobBackoff.Remaining(40, Now, Now));
        Assert.Equal(TimeSpan.Zero, JobBackoff.Remaining(1, Now, Now.AddSeconds(10)));
    }

    [Fact]
    public void The_failure_policy_says_which_container_failed_the_job()
    {
        var pod = JobPod.Of(Pod("p", """
            {"phase":"Failed","containerStatuses":[{"name":"main","image":"x","imageID":"","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":42}}}]}
            """));
        var policy = new V1PodFailurePolicy
        {
            Rules = [new() { Action = "Ignore", OnPodConditions = [new() { Type = "DisruptionTarget", Status = "True" }] },
                     new() { Action = "FailJob", OnExitCodes = new() { OperatorProperty = "In", Values = [1, 42] } }],
        };

        Assert.Equal("Container main for pod ns/p failed with exit code 42 matching FailJob rule at index 1", FailurePolicy.Match(policy, pod).Message);
    }

    [Fact]
    public void The_limit_is_exceeded_by_the_failure_after_it()
    {
        var world = new JobWorld(Job("\"backoffLimit\":0"));
        world.Run(3);
        world.FinishOne("Failed");
        world.Run(3);
        world.Run(3);
        world.Run(3);

        Assert.Equal(["FailureTarget", "Failed"], world.Conditions);
        Assert.Equal(1, world.Count("failed"));
        Assert.Equal(0, world.Active);
    }

    [Fact]
    public void Suspending_takes_the_pods_away_without_counting_them()
    {
        var world = new JobWorld(Job("\"parallelism\":3,\"completions\":3"));
        world.Run(3);
        Assert.Equal(3, world.Active);

        world.Change(spec => spec["suspend"] = true);
        world.Run(3);
        world.Run(3);

        Assert.Equal((0, 0), (world.Active, world.Count("failed")));
        Assert.Equal(["Suspended"], world.Conditions);
    }

    private static JsonObject Job(string spec) => Sample.Parse($$"""
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"job","namespace":"ns","uid":"u1"},"spec":{ {{spec}},"template":{"spec":{"restartPolicy":"Never","containers":[]} } } }
        """);

    private static KubeObject Pod(string name, string status)
    {
        var pod = Sample.Pod(name);
        pod["metadata"]!["namespace"] = "ns";
        pod["status"] = JsonNode.Parse(status);
        return Sample.Object("", "pods", pod);
    }
}

using System.Text;
using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.HorizontalPodAutoscaling;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.HorizontalPodAutoscaling;

public sealed class ReplicaCalculatorTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(new[] { 300, 500, 700 }, 30, 5)] // 50 % of 1000 each against 30 %
    [InlineData(new[] { 100, 100, 100 }, 50, 1)]
    [InlineData(new[] { 480, 500, 520 }, 50, 3)]
    [InlineData(new[] { 540, 540, 540 }, 50, 3)] // within a tenth
    public void Replicas_follow_the_use_of_what_was_asked_for(int[] usage, int target, int replicas) =>
        Assert.Equal(replicas, ReplicaCalculator.ForUtilization(usage.Length, target, "cpu", "ns", Ready(usage), Tolerance.Default).Replicas);

    [Fact]
    public void A_target_in_absolute_numbers_needs_no_requests()
    {
        var found = ReplicaCalculator.ForAverage(2, 100, "memory", [.. Ready(400, 200).Select(p => p with { Request = null })], Tolerance.Default);

        Assert.Equal((6, 300, null), (found.Replicas, found.Average, found.Utilization));
    }

    [Fact]
    public void Silent_pods_never_turn_the_direction() =>
        (from usage in Gen.Int[0, 2000].Array[1, 8] from missing in Gen.Int[0, 5] from unready in Gen.Int[0, 5] from target in Gen.Int[10, 150] select (usage, missing, unready, target)).Sample(
            c =>
            {
                var pods = Ready(c.usage);
                pods.AddRange(Enumerable.Range(0, c.missing).Select(i => new MeasuredPod($"m{i}", PodGroup.Missing, null, 1000, "")));
                pods.AddRange(Enumerable.Range(0, c.unready).Select(i => new MeasuredPod($"u{i}", PodGroup.Unready, 500, 1000, "")));
                var plain = (double)(int)(c.usage.Sum() * 100L / (c.usage.Length * 1000)) / c.target;
                var replicas = ReplicaCalculator.ForUtilization(pods.Count, c.target, "cpu", "ns", pods, Tolerance.Default).Replicas;
                return plain > 1 ? replicas >= pods.Count || (c.missing + c.unready == 0) : c.missing == 0 || replicas <= pods.Count;
            },
            iter: 2000);

    [Fact]
    public void Where_nothing_can_be_told_the_message_is_upstreams()
    {
        Assert.Equal(
            "missing request for cpu in container main of Pod p0",
            Assert.Throws<MetricException>(() => ReplicaCalculator.ForUtilization(1, 50, "cpu", "ns", [new("p0", PodGroup.Ready, 1, null, "main")], Tolerance.Default)).Message);
        Assert.Equal(
            "unable to get metrics for resource cpu: no metrics returned from resource metrics API",
            Assert.Throws<MetricException>(() => ReplicaCalculator.ForUtilization(1, 50, "cpu", "ns", [new("p0", PodGroup.Missing, null, 5, "")], Tolerance.Default)).Message);
    }

    [Theory]
    [InlineData("cpu", "", 1600L, "")]
    [InlineData("memory", "", 1024L * 1000, "")]
    [InlineData("ephemeral-storage", "", null, "")]
    [InlineData("cpu", "a", 250L, "")]
    [InlineData("cpu", "b", null, "b")]
    public void What_a_pod_asks_for_as_a_whole_counts_unless_one_container_is_meant(string resource, string container, long? request, string without)
    {
        var pod = new KubeObject(new ObjectKey("", "pods", "ns", "p"), new ObjectHeader { ApiVersion = "v1", Kind = "Pod", Revision = 1, Name = "p", Namespace = "ns", Uid = "u" }, Encoding.UTF8.GetBytes("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"ns"},
             "spec":{"overhead":{"cpu":"100m"},"resources":{"requests":{"cpu":"1500m"}},
                     "containers":[{"name":"a","resources":{"requests":{"cpu":"250m","memory":"1Ki"}}},{"name":"b"}]},"status":{"phase":"Running"}}
            """));
        var measured = MeasuredPod.Of(pod, null, resource, container, Now);

        Assert.Equal((request, without), (measured.Request, measured.WithoutRequest));
    }

    [Fact]
    public void Growth_is_limited_and_shrinking_waits_for_its_window()
    {
        var (history, spec) = (new ScaleHistory(), new V2HorizontalPodAutoscalerSpec { MinReplicas = 1, MaxReplicas = 20 });
        history.Begin(3, Now);

        var up = ScaleDecision.For(spec, 3, 15, history, Now);
        Assert.Equal((6, true, "ScaleUpLimit", "ReadyForNewScale"), (up.Replicas, up.IsLimited, up.Limited.Reason, up.Able.Reason));

        var held = ScaleDecision.For(spec, 6, 2, history, Now.AddSeconds(60));
        Assert.Equal("ScaleDownStabilized", held.Able.Reason);
        Assert.True(held.Replicas >= 6);

        var down = ScaleDecision.For(spec, 6, 2, history, Now.AddSeconds(400));
        Assert.Equal((2, false, "DesiredWithinRange"), (down.Replicas, down.IsLimited, down.Limited.Reason));
    }

    [Fact]
    public void Policies_limit_what_changes_within_their_period()
    {
        var history = new ScaleHistory();
        var spec = new V2HorizontalPodAutoscalerSpec
        {
            MinReplicas = 1,
            MaxReplicas = 50,
            Behavior = new()
            {
                ScaleUp = new() { Policies = [new() { Type = "Pods", Value = 2, PeriodSeconds = 60 }] },
                ScaleDown = new() { StabilizationWindowSeconds = 0, SelectPolicy = "Disabled" },
            },
        };

        Assert.Equal(7, ScaleDecision.For(spec, 5, 20, history, Now).Replicas);
        history.Changed(2, Now);
        Assert.Equal(7, ScaleDecision.For(spec, 7, 20, history, Now.AddSeconds(30)).Replicas);
        Assert.Equal(9, ScaleDecision.For(spec, 7, 20, history, Now.AddSeconds(61)).Replicas);

        var down = ScaleDecision.For(spec, 7, 1, new ScaleHistory(), Now);
        Assert.Equal((7, "ScaleDownLimit"), (down.Replicas, down.Limited.Reason));
    }

    private static List<MeasuredPod> Ready(params int[] usage) => [.. usage.Select((u, i) => new MeasuredPod($"p{i}", PodGroup.Ready, u, 1000, ""))];
}

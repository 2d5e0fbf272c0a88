using System.Globalization;
using CsCheck;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Disruption;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Disruption;

public sealed class BudgetPlanTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, DateTimeOffset> None = [];

    [Fact]
    public void Evicting_what_is_allowed_never_leaves_fewer_healthy_pods_than_desired() =>
        (from ready in Gen.Bool.Array[0, 12] from scale in Gen.Int[0, 12] from bound in Gen.Int[0, 12] from percent in Gen.Bool from most in Gen.Bool
         select (ready, scale, bound, percent, most)).Sample(
            c =>
            {
                IntOrString value = c.percent ? $"{c.bound * 8}%" : c.bound.ToString(CultureInfo.InvariantCulture);
                var spec = c.most ? new V1PodDisruptionBudgetSpec { MaxUnavailable = value } : new V1PodDisruptionBudgetSpec { MinAvailable = value };
                var plan = BudgetPlan.For(spec, [.. c.ready.Select((r, n) => Pod(n, r))], c.scale, None, Now);
                return plan.Allowed >= 0 && plan.Allowed <= plan.Healthy && (plan.Allowed == 0 || plan.Healthy - plan.Allowed >= plan.Desired)
                    && plan.Healthy == c.ready.Count(r => r);
            },
            iter: 1000);

    [Theory]
    [InlineData("3", null, 5, 5, 3, 2)]
    [InlineData("50%", null, 5, 5, 3, 2)]
    [InlineData(null, "1", 5, 5, 4, 1)]
    [InlineData(null, "30%", 5, 5, 3, 2)]
    [InlineData(null, "100%", 5, 5, 0, 5)]
    [InlineData("9", null, 5, 5, 9, 0)]
    public void Numbers_are_resolved_as_upstream_resolves_them(string? least, string? most, int pods, int expected, int desired, int allowed)
    {
        var spec = new V1PodDisruptionBudgetSpec { MinAvailable = least is null ? null : (IntOrString)least, MaxUnavailable = most is null ? null : (IntOrString)most };

        var plan = BudgetPlan.For(spec, [.. Enumerable.Range(0, pods).Select(n => Pod(n, true))], 5, None, Now);

        Assert.Equal((expected, desired, allowed), (plan.Expected, plan.Desired, plan.Allowed));
    }

    [Fact]
    public void An_evicted_pod_does_not_count_until_it_is_overdue()
    {
        var disrupted = new Dictionary<string, DateTimeOffset> { ["p0"] = Now.AddSeconds(-30), ["p1"] = Now.AddSeconds(-130), ["gone"] = Now };

        var plan = BudgetPlan.For(new() { MinAvailable = "1" }, [Pod(0, true), Pod(1, true), Pod(2, true)], 0, disrupted, Now);

        Assert.Equal(["p0"], plan.Disrupted.Keys);
        Assert.Equal(["p1"], plan.Overdue.Select(p => p.Header.Name));
        Assert.Equal((2, 1, TimeSpan.FromSeconds(90)), (plan.Healthy, plan.Allowed, plan.WakeAfter));
    }

    private static KubeObject Pod(int n, bool ready)
    {
        var json = Sample.Pod(string.Create(CultureInfo.InvariantCulture, $"p{n}"));
        json["metadata"]!["namespace"] = "n";
        json["status"] = Sample.Parse($$"""{"phase":"Running","conditions":[{"type":"Ready","status":"{{(ready ? "True" : "False")}}"}]}""");
        return Sample.Object("", "pods", json);
    }
}

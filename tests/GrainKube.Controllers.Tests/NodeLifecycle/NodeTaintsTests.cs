using GrainKube.Controllers.NodeLifecycle;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.NodeLifecycle;

public sealed class NodeTaintsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Ready", "False", "node.kubernetes.io/not-ready:NoSchedule,node.kubernetes.io/not-ready:NoExecute")]
    [InlineData("Ready", "Unknown", "node.kubernetes.io/unreachable:NoSchedule,node.kubernetes.io/unreachable:NoExecute")]
    [InlineData("MemoryPressure", "True", "node.kubernetes.io/memory-pressure:NoSchedule")]
    [InlineData("DiskPressure", "True", "node.kubernetes.io/disk-pressure:NoSchedule")]
    [InlineData("PIDPressure", "True", "node.kubernetes.io/pid-pressure:NoSchedule")]
    [InlineData("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable:NoSchedule")]
    public void Each_condition_has_its_taints(string condition, string status, string taints) =>
        Assert.Equal(taints, string.Join(',', NodeTaints.Of(Node([(condition, status)]), Now)!.Select(t => $"{t!["key"]}:{t["effect"]}")));

    [Fact]
    public void A_healthy_node_needs_no_change() => Assert.Null(NodeTaints.Of(Node([("Ready", "True")]), Now));

    [Fact]
    public void A_taint_that_stays_keeps_its_time_and_foreign_ones_are_left_alone()
    {
        var taints = NodeTaints.Of(
            Node(
                [("Ready", "Unknown")],
                new V1Taint { Key = "mine", Value = "x", Effect = "NoExecute" },
                new V1Taint { Key = "node.kubernetes.io/unreachable", Effect = "NoSchedule", TimeAdded = Now.AddHours(-1).UtcDateTime }),
            Now)!;

        Assert.Equal(
            """[{"key":"mine","value":"x","effect":"NoExecute"},{"key":"node.kubernetes.io/unreachable","effect":"NoSchedule","timeAdded":"2029-12-31T23:00:00Z"},{"key":"node.kubernetes.io/unreachable","effect":"NoExecute","timeAdded":"2030-01-01T00:00:00Z"}]""",
            taints.ToJsonString());
    }

    private static V1Node Node(IEnumerable<(string Type, string Status)> conditions, params V1Taint[] taints) => new()
    {
        Spec = new V1NodeSpec { Taints = [.. taints] },
        Status = new V1NodeStatus { Conditions = [.. conditions.Select(c => new V1NodeCondition { Type = c.Type, Status = c.Status })] },
    };
}

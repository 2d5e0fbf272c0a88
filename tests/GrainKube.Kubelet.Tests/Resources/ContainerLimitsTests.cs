using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Resources;
using k8s;
using k8s.Models;

namespace GrainKube.Kubelet.Tests.Resources;

public sealed class ContainerLimitsTests
{
    [Theory]
    [InlineData("{}", 2, 0, 0, 1000)]
    [InlineData("""{"requests":{"cpu":"500m"}}""", 512, 0, 0, 999)]
    [InlineData("""{"limits":{"cpu":"250m","memory":"64Mi"}}""", 256, 25000, 67108864, -997)]
    [InlineData("""{"requests":{"memory":"512Mi"},"limits":{"cpu":"1m"}}""", 2, 1000, 0, 500)]
    public void Requests_and_limits_become_the_kernels(string resources, long shares, long quota, long memory, int oom)
    {
        var spec = Spec($$"""{"containers":[{"name":"a","resources":{{resources}}}]}""");
        var limits = ContainerLimits.Of(spec, spec.Containers[0], 1L << 30);
        Assert.Equal((shares, quota, memory, oom), (limits.CpuShares, limits.CpuQuota, limits.MemoryBytes, limits.OomScoreAdjust));
    }

    [Fact]
    public void The_clusters_own_pods_are_protected_whatever_they_ask_for()
    {
        var spec = Spec("""{"priority":2000001000,"containers":[{"name":"a"}]}""");
        Assert.Equal(-997, ContainerLimits.Of(spec, spec.Containers[0], 1L << 30).OomScoreAdjust);
    }

    [Fact]
    public void A_pod_asks_for_its_sum_or_the_peak_of_its_init_containers()
    {
        var requests = PodRequests.Of(Spec("""
            {"overhead":{"cpu":"10m"},
             "initContainers":[{"name":"i","resources":{"requests":{"cpu":"2","memory":"1"}}},{"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}}],
             "containers":[{"name":"a","resources":{"requests":{"cpu":"500m","memory":"2Ki"}}},{"name":"b","resources":{"requests":{"memory":"1Ki"}}}]}
            """));
        Assert.Equal((2010, 3072, 1), (requests["cpu"], requests["memory"], requests["pods"]));
    }

    [Fact]
    public void The_node_promises_no_more_than_it_has()
    {
        var ledger = new ResourceLedger { Allocatable = new Dictionary<string, long> { ["cpu"] = 1000, ["pods"] = 2 } };
        var half = new Dictionary<string, long> { ["cpu"] = 600, ["pods"] = 1 };
        Assert.Null(ledger.Admit("a", half, force: false));
        Assert.Null(ledger.Admit("a", half, force: false));
        Assert.Equal(new Shortage("cpu", 600, 600, 1000), ledger.Admit("b", half, force: false));
        Assert.Null(ledger.Admit("b", half, force: true));
        ledger.Release("a");
        ledger.Release("b");
        Assert.Null(ledger.Admit("c", half, force: false));
    }

    private static V1PodSpec Spec(string json) => KubernetesJson.Deserialize<V1PodSpec>(json);
}

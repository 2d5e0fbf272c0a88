using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.Runtime;
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
    public void What_the_pod_says_as_a_whole_bounds_containers_that_say_nothing_and_protects_them()
    {
        var spec = Spec("""
            {"resources":{"requests":{"cpu":"1","memory":"512Mi"},"limits":{"cpu":"2","memory":"768Mi"}},
             "initContainers":[{"name":"s","restartPolicy":"Always","resources":{"requests":{"memory":"64Mi"}}}],
             "containers":[{"name":"a","resources":{"requests":{"memory":"128Mi"},"limits":{"memory":"256Mi"}}},{"name":"b"}]}
            """);
        var (a, b, sidecar) = (Of(spec.Containers[0]), Of(spec.Containers[1]), Of(spec.InitContainers[0]));

        Assert.Equal((2048, 200_000, 256 << 20), (a.CpuShares, a.CpuQuota, a.MemoryBytes));
        Assert.Equal((2048, 200_000, 768 << 20), (b.CpuShares, b.CpuQuota, b.MemoryBytes));

        // 320 Mi that no container asks for are shared by three.
        Assert.Equal((771, 896, 834), (a.OomScoreAdjust, b.OomScoreAdjust, sidecar.OomScoreAdjust));

        ContainerResources Of(V1Container container) => ContainerLimits.Of(spec, container, 1L << 30);
    }

    [Theory]
    [InlineData("""{"containers":[{"name":"a","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}]}""", null, null, null, "Guaranteed")]
    [InlineData("""{"resources":{"requests":{"cpu":"500m"},"limits":{"memory":"1Gi"}},"containers":[{"name":"a"}]}""", 512L, 0L, 1L << 30, "Burstable")]
    [InlineData("""{"resources":{"requests":{"cpu":"500m"}},"containers":[{"name":"a","resources":{"limits":{"memory":"1Gi"}}},{"name":"b","resources":{"limits":{"memory":"1Gi"}}}]}""", 512L, 0L, 2L << 30, "Burstable")]
    [InlineData("""{"overhead":{"cpu":"1","memory":"1Gi"},"resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}},"containers":[{"name":"a"}]}""", 2048L, 200_000L, 2L << 30, "Guaranteed")]
    public void A_pod_that_says_something_as_a_whole_has_limits_for_all_its_containers(string json, long? shares, long? quota, long? memory, string quality)
    {
        var whole = ContainerLimits.OfPod(Spec(json));
        Assert.Equal((shares, quota, memory), (whole?.CpuShares, whole?.CpuQuota, whole?.MemoryBytes));
        Assert.Equal(quality, QosClass.Of(Spec(json)));
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

    [Fact]
    public void Who_waits_to_be_resized_is_served_by_priority_and_service_and_time_as_soon_as_there_is_room()
    {
        var ledger = new ResourceLedger { Allocatable = Cpu(1000) };
        var woken = new List<string>();
        Assert.Null(ledger.Admit("big", Cpu(600), force: false));
        (string Name, int Priority, int Service, int Since)[] pods = [("late", 0, 0, 9), ("early", 0, 0, 1), ("burstable", 0, 1, 0), ("first", 5, 2, 10)];
        Assert.All(pods, pod => Assert.Null(ledger.Admit(pod.Name, Cpu(100), force: false)));
        Assert.All(pods, pod => Assert.NotNull(Resize(pod.Name, 200, pod.Priority, pod.Service, pod.Since)));

        Assert.NotNull(Resize("late", 200, 0, 0, 0)); // asked again, it has not waited for longer
        Assert.Null(Resize("big", 400));
        Assert.Equal(["first", "early"], woken);
        Assert.Null(Resize("early", 200));
        ledger.Allocatable = Cpu(1100);
        ledger.Release("late");
        Assert.Equal(["first", "early", "late", "burstable"], woken);
        Assert.NotNull(ledger.Resize("first", Cpu(5000), new WaitingResize(0, 0, default, () => { }), out var never));
        Assert.True(never);

        Shortage? Resize(string name, long cpu, int priority = 0, int service = 0, int since = 0) =>
            ledger.Resize(name, Cpu(cpu), new WaitingResize(priority, service, DateTimeOffset.UnixEpoch.AddSeconds(since), () => woken.Add(name)), out _);

        static Dictionary<string, long> Cpu(long amount) => new() { ["cpu"] = amount };
    }

    private static V1PodSpec Spec(string json) => KubernetesJson.Deserialize<V1PodSpec>(json);
}

using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiServer.Admission.LimitRanges;
using Xunit;

namespace GrainKube.ApiServer.Tests.Admission.LimitRanges;

public sealed class LimitRangerTests
{
    private const string Range = """
        {"spec":{"limits":[
          {"type":"Container","min":{"cpu":"50m"},"max":{"cpu":"500m"},"default":{"cpu":"500m","memory":"500Mi"},"defaultRequest":{"cpu":"100m","memory":"200Mi"},"maxLimitRequestRatio":{"cpu":"5"}},
          {"type":"Pod","max":{"memory":"1Gi"}},
          {"type":"PersistentVolumeClaim","min":{"storage":"1Gi"},"max":{"storage":"2Gi"}}]}}
        """;

    private readonly LimitRanger plugin = new(new FakeObjects().Add("", "limitranges", "web", "bounds", Range));

    [Fact]
    public async Task What_a_container_leaves_unsaid_is_filled_in_and_noted()
    {
        var pod = await Asking.Pod("""{"containers":[{"name":"a","resources":{"requests":{"cpu":"300m"}}},{"name":"b"}]}""").ThroughAsync((IMutatingAdmission)plugin);
        Assert.Equal("""{"requests":{"cpu":"300m","memory":"200Mi"},"limits":{"cpu":"500m","memory":"500Mi"}}""", pod["spec"]!["containers"]![0]!["resources"]!.ToJsonString());
        Assert.Equal("""{"requests":{"cpu":"100m","memory":"200Mi"},"limits":{"cpu":"500m","memory":"500Mi"}}""", pod["spec"]!["containers"]![1]!["resources"]!.ToJsonString());
        Assert.Equal(
            "LimitRanger plugin set: memory request for container a; cpu, memory limit for container a; cpu, memory request for container b; cpu, memory limit for container b",
            (string?)pod["metadata"]!["annotations"]!["kubernetes.io/limit-ranger"]);
    }

    [Theory]
    [InlineData("10m", "400m", "[minimum cpu usage per Container is 50m, but request is 10m, cpu max limit to request ratio per Container is 5, but provided ratio is 40.000000]")]
    [InlineData("500m", "600m", "maximum cpu usage per Container is 500m, but limit is 600m")]
    public async Task A_container_outside_the_bounds_is_refused(string request, string limit, string why)
    {
        var asked = Asking.Pod($$"""{"containers":[{"name":"a","resources":{"requests":{"cpu":"{{request}}"},"limits":{"cpu":"{{limit}}","memory":"1Mi"} } }]}""");
        Assert.Equal($"pods \"web-0\" is forbidden: {why}", (await asked.RefusedByAsync((IValidatingAdmission)plugin)).Message);
    }

    [Fact]
    public async Task The_containers_of_a_pod_are_bounded_together()
    {
        const string container = """{"name":"a","resources":{"requests":{"cpu":"100m"},"limits":{"cpu":"100m","memory":"600Mi"}}}""";
        var refusal = await Asking.Pod($$"""{"containers":[{{container}},{{container}}]}""").RefusedByAsync((IValidatingAdmission)plugin);
        Assert.Equal("pods \"web-0\" is forbidden: maximum memory usage per Pod is 1Gi, but limit is 1200Mi", refusal.Message);
    }

    [Fact]
    public async Task What_a_pod_says_as_a_whole_stands_for_its_containers()
    {
        const string container = """{"name":"a","resources":{"requests":{"cpu":"100m"},"limits":{"cpu":"100m","memory":"100Mi"}}}""";
        var refusal = await Asking.Pod($$"""{"resources":{"limits":{"memory":"2Gi"} },"containers":[{{container}}]}""").RefusedByAsync((IValidatingAdmission)plugin);
        Assert.Equal("pods \"web-0\" is forbidden: maximum memory usage per Pod is 1Gi, but limit is 2Gi", refusal.Message);
    }

    [Theory]
    [InlineData("3Gi", "maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi")]
    [InlineData("1Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi")]
    public async Task A_claim_outside_the_bounds_is_refused(string size, string why)
    {
        var asked = Asking.Create("persistentvolumeclaims", "web", "data", $$"""{"spec":{"resources":{"requests":{"storage":"{{size}}"} } } }""");
        Assert.Equal($"persistentvolumeclaims \"data\" is forbidden: {why}", (await asked.RefusedByAsync((IValidatingAdmission)plugin)).Message);
    }
}

using System.Globalization;
using System.Text.Json;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;
using k8s;
using k8s.Models;
using Xunit;

namespace GrainKube.Scheduler.Tests.Pods;

public sealed class PodResourcesTests
{
    [Fact]
    public void Containers_add_up() => Assert.Equal((300, 3), Of(Containers("100m", "1"), Containers("200m", "2")));

    [Fact]
    public void A_large_init_container_counts_instead() => Assert.Equal((900, 3), Of(Containers("100m", "3"), Init("900m", "2")));

    [Fact]
    public void Sidecars_run_beside_the_containers_and_the_init_containers_after_them() =>
        Assert.Equal((1100, 5), Of(Containers("100m", "1"), Init("1", "1"), Sidecar("100m", "4"), Init("1", "1")));

    [Fact]
    public void Overhead_comes_on_top() => Assert.Equal((350, 3), Of(Containers("100m", "1"), Containers("200m", "2"), """ "overhead":{"cpu":"50m"}"""));

    [Fact]
    public void Resources_of_the_pod_go_before_those_of_its_containers() =>
        Assert.Equal((700, 1), Of(Containers("100m", "1"), """ "resources":{"requests":{"cpu":"700m","hugepages-2Mi":"4Mi"} }"""));

    [Theory]
    [InlineData("1", "500m", "500m", false, 1000)]
    [InlineData("500m", "1", "1", false, 1000)]
    [InlineData("500m", "700m", "1", false, 1000)]
    [InlineData("8", "500m", "500m", true, 500)]
    [InlineData("8", "500m", "700m", true, 700)]
    public void A_pod_that_is_being_resized_holds_the_most_of_what_it_wants_and_has_unless_its_node_cannot_give_it(
        string wanted, string allocated, string actual, bool infeasible, long holds)
    {
        var spec = Spec($$""" "containers":[{"name":"a","resources":{"requests":{"cpu":"{{wanted}}"} } }]""");
        var status = KubernetesJson.Deserialize<V1PodStatus>(
            $$"""{"containerStatuses":[{"name":"a","allocatedResources":{"cpu":"{{allocated}}"},"resources":{"requests":{"cpu":"{{actual}}"} } }]}""");

        Assert.Equal(holds, PodResources.Of(spec, status, infeasible, new ResourceNames()).Requests[ResourceVector.Cpu]);
    }

    [Theory]
    [InlineData("2", "1", "1", false, 2000)]
    [InlineData("1", "2", "1", false, 2000)]
    [InlineData("1", "1", "2", false, 2000)]
    [InlineData("8", "2", "1", true, 2000)]
    public void A_placed_pod_holds_as_a_whole_what_its_node_gave_it_and_what_it_wants(string wanted, string allocated, string actual, bool infeasible, long holds)
    {
        var spec = Spec($$""" "overhead":{"cpu":"1"},"resources":{"requests":{"cpu":"{{wanted}}"} },"containers":[{"name":"a"}]""");
        static int WithOverhead(string amount) => int.Parse(amount, CultureInfo.InvariantCulture) + 1;
        var status = KubernetesJson.Deserialize<V1PodStatus>($$"""{"allocatedResources":{"cpu":"{{WithOverhead(allocated)}}"},"resources":{"requests":{"cpu":"{{WithOverhead(actual)}}"} } }""");

        Assert.Equal(holds + 1000, PodResources.Of(spec, status, infeasible, new ResourceNames()).Requests[ResourceVector.Cpu]);
    }

    [Fact]
    public void Containers_that_say_nothing_are_assumed_to_use_something_but_reserve_nothing()
    {
        var (requests, assumed) = PodResources.Of(Spec(""" "containers":[{"name":"a"},{"name":"b"}]"""), null, false, new ResourceNames());

        Assert.Equal((0, 0, 1), (requests[ResourceVector.Cpu], requests[ResourceVector.Memory], requests[ResourceVector.Pods]));
        Assert.Equal((200, 400L << 20), (assumed[ResourceVector.Cpu], assumed[ResourceVector.Memory]));
    }

    private static (long Cpu, long Memory) Of(params string[] parts)
    {
        string Join(string prefix) => string.Join(',', parts.Where(p => p.StartsWith(prefix, StringComparison.Ordinal)).Select(p => p[prefix.Length..]));
        var rest = string.Concat(parts.Where(p => p[0] == ' ').Select(p => "," + p));
        var (requests, _) = PodResources.Of(Spec($"\"containers\":[{Join("c")}],\"initContainers\":[{Join("i")}]{rest}"), null, false, new ResourceNames());
        return (requests[ResourceVector.Cpu], requests[ResourceVector.Memory]);
    }

    private static PlacementSpec Spec(string members) => KubernetesJson.Deserialize<PlacementSpec>($"{{ {members} }}");

    private static string Containers(string cpu, string memory) => "c" + Container(cpu, memory, "");

    private static string Init(string cpu, string memory) => "i" + Container(cpu, memory, "");

    private static string Sidecar(string cpu, string memory) => "i" + Container(cpu, memory, ",\"restartPolicy\":\"Always\"");

    private static string Container(string cpu, string memory, string more) =>
        JsonSerializer.Serialize(new { name = "x", resources = new { requests = new Dictionary<string, string> { ["cpu"] = cpu, ["memory"] = memory } } })[..^1] + more + "}";
}

using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Metrics;

[Collection(ApiCollection.Name)]
public sealed class MetricsTests(ApiWorld world)
{
    private const string Root = "/apis/metrics.k8s.io/v1beta1";

    [Fact]
    public async Task Discovery_lists_what_can_be_read()
    {
        var resources = (await world.GetAsync(Root))["resources"]!.AsArray();

        Assert.Equal(["nodes NodeMetrics", "pods PodMetrics"], resources.Select(r => $"{r!["name"]} {r["kind"]}"));
        Assert.All(resources, r => Assert.Equal("""["get","list"]""", r!["verbs"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("GET", "/nodes/nowhere", 404)]
    [InlineData("POST", "/nodes", 405)]
    [InlineData("DELETE", "/nodes/nowhere", 405)]
    public async Task Only_reads_are_answered(string method, string path, int code) =>
        Assert.Equal(code, (await world.SendAsync(method, Root + path, method == "POST" ? "{}" : null)).Code);

    [Fact]
    public async Task An_empty_list_is_a_list()
    {
        var list = await world.GetAsync($"{Root}/namespaces/{await world.NamespaceAsync()}/pods?labelSelector=app%3Dweb");

        Assert.Equal(("PodMetricsList", "{}", 0), ((string)list["kind"]!, list["metadata"]!.ToJsonString(), list["items"]!.AsArray().Count));
    }
}

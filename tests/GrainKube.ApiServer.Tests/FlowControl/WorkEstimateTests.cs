using GrainKube.ApiServer.FlowControl;
using GrainKube.ApiServer.Requests;
using GrainKube.ApiServer.Tests.World;
using GrainKube.Objects.Cache;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

[Collection(ApiCollection.Name)]
public sealed class WorkEstimateTests(ApiWorld world)
{
    private readonly WatchCounts counts = new();

    [Theory]
    [InlineData(9, 1, 0)]
    [InlineData(10, 1, 5)]
    [InlineData(11, 2, 5)]
    [InlineData(40, 4, 5)]
    [InlineData(240, 10, 12)]
    public void A_write_takes_a_seat_for_ten_watchers_and_too_many_take_longer(int watchers, int seats, int milliseconds)
    {
        for (var i = 0; i < watchers; i++)
        {
            counts.Count(Request("watch", "configmaps"));
        }

        Assert.Equal(new Work(seats, TimeSpan.FromMilliseconds(milliseconds)), Estimate("patch", "configmaps", "web", "a"));
        Assert.Equal(Work.Least, Estimate("get", "configmaps", "web", "a"));
        Assert.Equal(Work.Least, Estimate("patch", "secrets", "web", "a"));
    }

    [Fact]
    public async Task A_list_takes_a_seat_for_a_hundred_kilobytes()
    {
        var ns = await world.NamespaceAsync();
        var text = new string('x', 20_000);
        for (var i = 0; i < 11; i++)
        {
            await world.CreateAsync($"/api/v1/namespaces/{ns}/podtemplates", $$"""{"metadata":{"name":"t{{i}}","annotations":{"a":"{{text}}"} },"template":{"spec":{"containers":[{"name":"c","image":"i"}]} } }""");
        }

        await world.GetAsync("/api/v1/podtemplates");
        Assert.Equal(3, Estimate("list", "podtemplates").Seats);
        Assert.Equal(2, Estimate("list", "podtemplates", query: "?limit=6").Seats);
        Assert.Equal(3, Estimate("watch", "podtemplates").Seats);
        Assert.Equal(1, Estimate("watch", "podtemplates", query: "?resourceVersion=5").Seats);
        Assert.Equal(1, Estimate("list", "podtemplates", ns, "t1").Seats);
        Assert.Equal(1, Estimate("list", "unheard").Seats);
    }

    private Work Estimate(string verb, string resource, string ns = "", string name = "", string query = "")
    {
        var level = new PriorityLevel("level", TimeProvider.System);
        level.Configure(new LevelSettings(false, 10, 0, null, 64, 6, 2), 100);
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        return new WorkEstimate(world.Gateway<WatchCache>(), counts).Of(Request(verb, resource, ns, name), http.Request.Query, level);
    }

    private static RequestInfo Request(string verb, string resource, string ns = "", string name = "") =>
        new() { IsResourceRequest = true, Verb = verb, Path = "", Resource = resource, Namespace = ns, Name = name };
}

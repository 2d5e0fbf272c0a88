using GrainKube.ApiServer.Tests.World;
using Xunit;

namespace GrainKube.ApiServer.Tests.Watches;

[Collection(ApiCollection.Name)]
public sealed class WatchTests(ApiWorld world)
{
    [Fact]
    public async Task A_watch_begins_with_the_state_and_goes_on_with_changes()
    {
        var ns = await world.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        await world.CreateConfigMapAsync(ns, "a");
        using var watch = await world.WatchAsync($"{path}?watch=true");
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        await world.SendAsync("PATCH", $"{path}/a", """{"data":{"k":"v"}}""", "application/merge-patch+json");
        Assert.Equal("MODIFIED a", await watch.NextTextAsync());
        await world.SendAsync("DELETE", $"{path}/a");
        Assert.Equal("DELETED a", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_watch_from_a_revision_repeats_nothing_and_skips_nothing()
    {
        var ns = await world.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        await world.CreateConfigMapAsync(ns, "a");
        var revision = (string?)(await world.GetAsync(path))["metadata"]!["resourceVersion"];
        await world.CreateConfigMapAsync(ns, "b");
        using var watch = await world.WatchAsync($"{path}?watch=1&resourceVersion={revision}");
        await world.CreateConfigMapAsync(ns, "c");
        Assert.Equal("ADDED b", await watch.NextTextAsync());
        Assert.Equal("ADDED c", await watch.NextTextAsync());
    }

    [Fact]
    public async Task Objects_enter_and_leave_a_selection()
    {
        var ns = await world.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/configmaps";
        await world.CreateConfigMapAsync(ns, "a");
        using var watch = await world.WatchAsync($"{path}?watch=true&labelSelector=on%3Dyes&resourceVersion=0");
        await world.SendAsync("PATCH", $"{path}/a", """{"metadata":{"labels":{"on":"yes"}}}""", "application/merge-patch+json");
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        var (_, after) = await world.SendAsync("PATCH", $"{path}/a", """{"metadata":{"labels":{"on":"no"}}}""", "application/merge-patch+json");
        var left = (await watch.NextAsync())!;
        Assert.Equal("DELETED", (string?)left["type"]);
        Assert.Equal("yes", (string?)left["object"]!["metadata"]!["labels"]!["on"]);
        Assert.Equal((string?)after["metadata"]!["resourceVersion"], (string?)left["object"]!["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Initial_events_end_with_a_marked_bookmark()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        using var watch = await world.WatchAsync(
            $"/api/v1/namespaces/{ns}/configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        var end = (await watch.NextAsync())!;
        Assert.Equal("BOOKMARK", (string?)end["type"]);
        Assert.Equal("ConfigMap", (string?)end["object"]!["kind"]);
        Assert.Equal("true", (string?)end["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        var ns = await world.NamespaceAsync();
        using var watch = await world.WatchAsync($"/api/v1/namespaces/{ns}/configmaps?watch=true&timeoutSeconds=1");
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task One_object_is_watched_by_its_name()
    {
        var ns = await world.NamespaceAsync();
        using var watch = await world.WatchAsync($"/api/v1/namespaces/{ns}/configmaps?watch=true&fieldSelector=metadata.name%3Db");
        await world.CreateConfigMapAsync(ns, "a");
        await world.CreateConfigMapAsync(ns, "b");
        Assert.Equal("ADDED b", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_table_watch_sends_headings_once()
    {
        var ns = await world.NamespaceAsync();
        await world.CreateConfigMapAsync(ns, "a");
        using var watch = await world.WatchAsync($"/api/v1/namespaces/{ns}/configmaps?watch=true", "application/json;as=Table;v=v1;g=meta.k8s.io");
        var first = (await watch.NextAsync())!["object"]!;
        await world.CreateConfigMapAsync(ns, "b");
        var second = (await watch.NextAsync())!["object"]!;
        Assert.Equal("Name", (string?)first["columnDefinitions"]![0]!["name"]);
        Assert.Null(second["columnDefinitions"]);
        Assert.Equal("b", (string?)second["rows"]![0]!["cells"]![0]);
    }

    [Theory]
    [InlineData("sendInitialEvents=true", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
    [InlineData("resourceVersionMatch=NotOlderThan&resourceVersion=1", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")]
    public async Task Parameters_that_do_not_go_together_are_refused(string query, string text)
    {
        var (code, status) = await world.SendAsync("GET", $"/api/v1/pods?watch=true&{query}");
        Assert.Equal(422, code);
        Assert.Contains(text, (string?)status["message"]);
    }
}

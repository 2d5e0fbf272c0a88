using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;
using GrainKube.Testing.Stores;

namespace GrainKube.Server.Tests.Restarts;

public sealed class KillTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const int WritesPerSecond = 200;

    [Fact]
    public async Task A_kill_among_writes_loses_none_and_restarts_no_container_on_the_embedded_store()
    {
        await using var cluster = await ServerCluster.StartAsync();

        await KillAsync(cluster);
    }

    [Fact]
    public async Task A_kill_among_writes_loses_none_and_restarts_no_container_on_etcd()
    {
        await using var etcd = await EtcdServer.StartAsync();
        await using var cluster = await ServerCluster.StartAsync("--store", "etcd=" + etcd.Endpoint);

        await KillAsync(cluster);
    }

    private static async Task KillAsync(ServerCluster cluster)
    {
        var kubectl = cluster.Kubectl();
        await kubectl.ApplyAsync(Sample.Deployment("web", 2));
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");
        var containers = await Engine.ContainersOfAsync(cluster.NodeName);
        var acknowledged = new ConcurrentBag<string>();

        var writes = WriteAsync(cluster.Http, acknowledged);
        await Eventually.TrueAsync(() => Task.FromResult(acknowledged.Count > WritesPerSecond), "a second of writes");
        await cluster.KillProcessAsync();
        await writes;
        await cluster.StartProcessAsync();

        var found = JsonNode.Parse(await cluster.Http.GetStringAsync(new Uri(ConfigMaps, UriKind.Relative)))!["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!).ToHashSet();
        Assert.Superset(acknowledged.ToHashSet(), found);
        await kubectl.UntilAsync("deployment/web", "{.status.readyReplicas}", "2");
        Assert.Equal(containers, await Engine.ContainersOfAsync(cluster.NodeName));
        Assert.Equal("0 0", await kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[*].status.containerStatuses[0].restartCount}"));

        // And the pods that were taken over are still looked after.
        await kubectl.OkAsync("delete", "pods", "-l", "app=web", "--wait=false");
        await Eventually.GetAsync(
            () => Engine.ContainersOfAsync(cluster.NodeName), now => now.Count == containers.Count && !now.Intersect(containers).Any(), "new containers in the place of the old");
    }

    /// <summary>Creates objects at a steady rate until the server is gone.</summary>
    private static async Task WriteAsync(HttpClient http, ConcurrentBag<string> acknowledged)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var pending = new List<Task<bool>>();
        var next = 0;
        while (await timer.WaitForNextTickAsync() && clock.Elapsed < Eventually.Bound)
        {
            for (; next < clock.Elapsed.TotalSeconds * WritesPerSecond; next++)
            {
                pending.Add(CreateAsync($"written-{next}"));
            }

            if (pending.Any(write => write is { IsCompletedSuccessfully: true, Result: false }))
            {
                break;
            }
        }

        await Task.WhenAll(pending);

        async Task<bool> CreateAsync(string name)
        {
            try
            {
                using var answer = await http.PostAsJsonAsync(new Uri(ConfigMaps, UriKind.Relative), new { apiVersion = "v1", kind = "ConfigMap", metadata = new { name } });
                if (answer.IsSuccessStatusCode)
                {
                    acknowledged.Add(name);
                }

                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }
}

using System.Diagnostics;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Samples;

/// <summary>Changes under load. GRAINKUBE_LOAD_SECONDS says for how long; 20 without it.</summary>
public sealed class LoadTests
{
    private const int Replicas = 3;

    [Fact]
    public async Task Rolling_updates_scale_downs_and_evictions_lose_no_request()
    {
        await using var cluster = await ServerCluster.StartWithIngressAsync();
        using var book = await Guestbook.DeployAsync(cluster);
        await ScaleAsync(book.Kubectl, Replicas);
        await book.SignAsync("first");
        await book.PageAsync(book.ByIngress, "first");

        await using var load = new SteadyRequests(new Uri(book.ByService, "/healthz"), new Uri(book.ByNodePort, "/healthz"), new Uri(book.ByIngress, "/healthz"), book.ByService);
        var clock = Stopwatch.StartNew();
        var rounds = 0;
        do
        {
            await book.Kubectl.OkAsync("rollout", "restart", "deployment/web");
            await ReadyAsync(book.Kubectl, Replicas);
            await ScaleAsync(book.Kubectl, 1);
            await ScaleAsync(book.Kubectl, Replicas);
            foreach (var pod in (await book.Kubectl.GetAsync("pods", "{.items[?(@.metadata.labels.app==\"web\")].metadata.name}")).Split(' '))
            {
                await EvictAsync(book.Kubectl, pod);
            }

            await ReadyAsync(book.Kubectl, Replicas);
            rounds++;
        }
        while (clock.Elapsed < Settings.Seconds("GRAINKUBE_LOAD_SECONDS", 20));
        await load.StopAsync();

        Assert.True(load.Errors.IsEmpty, $"{load.Errors.Count} of {load.Answered} in {rounds} rounds:\n{string.Join('\n', load.Errors.Take(20))}");
        Assert.True(load.Answered > clock.Elapsed.TotalSeconds * 10, $"only {load.Answered} requests in {clock.Elapsed}");
    }

    private static async Task ScaleAsync(KubectlClient kubectl, int replicas)
    {
        await kubectl.OkAsync("scale", "deployment/web", $"--replicas={replicas}");
        await ReadyAsync(kubectl, replicas);
    }

    private static async Task ReadyAsync(KubectlClient kubectl, int replicas)
    {
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=180s");
        await kubectl.UntilAsync("deployment/web", "{.status.readyReplicas}", $"{replicas}");
    }

    // As kubectl drain does it: again and again while the budget forbids it. A pod that ends already is taken as evicted.
    private static Task EvictAsync(KubectlClient kubectl, string pod) => Eventually.GetAsync(
        () => kubectl.RunWithAsync(
            $$"""{ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": "{{pod}}", "namespace": "guestbook" } }""",
            "create", "--raw", $"/api/v1/namespaces/guestbook/pods/{pod}/eviction", "-f", "-"),
        answer => answer.ExitCode == 0 || answer.Error.Contains("not found", StringComparison.Ordinal),
        $"{pod} to be evicted");
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Testing.Clusters;
using k8s.Models;
using Xunit;

namespace GrainKube.Scheduler.Tests.Preemption;

/// <summary>Workloads of several priorities that fight for a resource which somebody wrote into a node's capacity.</summary>
public sealed class PreemptionClusterTests(PreemptionClusterTests.Cluster fixture) : IClassFixture<PreemptionClusterTests.Cluster>
{
    private const string Resource = "example.com/fakecpu";

    [Fact]
    public async Task The_important_workload_gets_its_room_and_as_few_pods_as_possible_go()
    {
        var ns = await fixture.World.NamespaceAsync();
        var node = fixture.World.Objects.List<V1Node>().Single();
        await fixture.World.PatchAsync(node.Key, $$"""{"status":{"capacity":{"{{Resource}}":"1000"} } }""", "status");
        var made = new ConcurrentDictionary<string, string>();
        using var subscription = fixture.World.Objects.Cache.Kind(new GroupResource("", "pods")).Subscribe(change =>
        {
            if (change.Before is null && change.Subject.Key.Namespace == ns.Name)
            {
                made[change.Subject.Header.Uid] = change.Subject.Header.Labels["app"];
            }
        });
        for (var i = 1; i <= 4; i++)
        {
            await fixture.World.ApplyAsync(Sample.Parse(
                $$"""{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","metadata":{"name":"{{ns.Name}}-p{{i}}"},"value":{{i}} }"""));
        }

        await SetAsync(ns, "low", 2, 1, 200);
        await SetAsync(ns, "middle", 1, 2, 300);
        await RunsAsync(ns, "low", 2);
        await RunsAsync(ns, "middle", 1);

        // 300 are free: both low pods have to go, and the middle one may stay.
        await SetAsync(ns, "high", 1, 4, 650);
        await RunsAsync(ns, "high", 1);

        await ns.EventuallyAsync<V1Pod>("app=low", pods => pods.Count == 2 && pods.All(p => p.Spec.NodeName is null && p.Status.Conditions?.Any(c => c.Reason == "Unschedulable") == true));
        await RunsAsync(ns, "middle", 1);
        Assert.Equal(4, made.Values.Count(app => app == "low"));
        Assert.Equal(1, made.Values.Count(app => app == "middle"));
        Assert.Equal(1, made.Values.Count(app => app == "high"));
    }

    private static Task SetAsync(TestNamespace ns, string name, int replicas, int priority, int amount)
    {
        var set = Sample.ReplicaSet(name, replicas);
        var spec = set["spec"]!["template"]!["spec"]!;
        spec["priorityClassName"] = $"{ns.Name}-p{priority}";
        spec["containers"]![0]!["resources"] = new JsonObject
        {
            ["requests"] = new JsonObject { [Resource] = $"{amount}" }, ["limits"] = new JsonObject { [Resource] = $"{amount}" },
        };
        return ns.ApplyAsync(set);
    }

    private static Task RunsAsync(TestNamespace ns, string name, int replicas) =>
        ns.EventuallyAsync<V1Pod>($"app={name}", pods => pods.Count(p => p.Status?.Phase == "Running" && p.Metadata.DeletionTimestamp is null) == replicas);

    public sealed class Cluster : IAsyncLifetime
    {
        public GrainKubeCluster World { get; private set; } = null!;

        public async Task InitializeAsync() => World = await GrainKubeCluster.StartAsync();

        public async Task DisposeAsync() => await World.DisposeAsync();
    }
}

using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Hosting;
using GrainKube.Kubelet.Tests.Pressure;

namespace GrainKube.Kubelet.Tests.Agent;

public sealed class NodePressureTests : IAsyncDisposable
{
    private const string Greedy = """{"containers":[{"name":"main","image":"i"}]}""";
    private const string Modest = """{"priority":10,"containers":[{"name":"main","image":"i","resources":{"requests":{"memory":"10Mi"},"limits":{"memory":"10Mi"}}}]}""";
    private const string Critical = """{"priority":2000001000,"containers":[{"name":"main","image":"i"}]}""";

    private readonly FakeFigures figures = new();
    private readonly string directory = Directory.CreateTempSubdirectory("grainkube-pressure-").FullName;
    private readonly TestNode node;

    public NodePressureTests() => node = new TestNode(figures: figures, root: directory, eviction: new EvictionOptions
    {
        Hard = "memory.available<100Mi,nodefs.available<10%", Soft = "memory.available<200Mi", SoftGracePeriod = "memory.available=10h",
    });

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_shortage_of_memory_ends_the_pod_that_uses_more_than_it_asked_for_and_no_other()
    {
        await StartAsync(("greedy", Greedy), ("modest", Modest), ("critical", Critical));

        figures.FreeMemory = 50L << 20;
        await LookAsync(() => Phase("greedy") == "Failed");
        figures.FreeMemory = 500L << 20;

        var status = node.Status("greedy")!;
        Assert.Equal("Evicted", status["reason"]!.GetValue<string>());
        Assert.StartsWith("The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ", status["message"]!.GetValue<string>(), StringComparison.Ordinal);
        var condition = status["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "DisruptionTarget")!;
        Assert.Equal(("True", "TerminationByKubelet"), (condition["status"]!.GetValue<string>(), condition["reason"]!.GetValue<string>()));
        Assert.Equal(("Running", "Running"), (Phase("modest"), Phase("critical")));
        await node.UntilAsync(() => node.ContainersAsync().Result.All(c => c.PodName != "greedy"));
        Assert.Contains(node.View.Events, e => e is { Type: "Warning", Reason: "EvictionThresholdMet", Message: "Attempting to reclaim memory" });
        Assert.Contains(node.View.Events, e => e is { Type: "Warning", Reason: "Evicted" });
    }

    [Fact]
    public async Task The_nodes_condition_says_so_until_the_transition_period_is_over()
    {
        await StartAsync();
        figures.FreeMemory = 50L << 20;
        await LookAsync(() => Condition("MemoryPressure") == ("True", "KubeletHasInsufficientMemory"));
        await node.UntilAsync(() => node.View.Events.Any(e => e is { Reason: "NodeHasInsufficientMemory", Message: "Node node-1 status is now: NodeHasInsufficientMemory" }));
        Assert.Equal(("False", "KubeletHasNoDiskPressure"), Condition("DiskPressure"));

        figures.FreeMemory = 500L << 20;
        var over = node.Time.GetUtcNow();
        await node.UntilAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(10));
            return Condition("MemoryPressure") == ("False", "KubeletHasSufficientMemory");
        });
        Assert.True(node.Time.GetUtcNow() - over >= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Short_of_memory_the_node_takes_only_pods_that_said_what_they_need()
    {
        await StartAsync();
        figures.FreeMemory = 150L << 20; // which is told, but ends nobody yet
        await LookAsync(() => node.Agent.Services.Pressures != 0);

        node.Apply(Greedy, "refused");
        node.Apply(Critical, "critical");
        node.Apply("""{"tolerations":[{"key":"node.kubernetes.io/memory-pressure","operator":"Exists"}],"containers":[{"name":"main","image":"i"}]}""", "tolerant");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Failed", "refused");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running", "critical");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running", "tolerant");

        var status = node.Status("refused")!;
        Assert.Equal(("Evicted", "Pod was rejected: The node had condition: [MemoryPressure]. "), (status["reason"]!.GetValue<string>(), status["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Short_of_disk_it_takes_none_but_critical_ones()
    {
        await StartAsync();
        figures.FreeDisk = 5 * FakeFigures.Gigabyte;
        await LookAsync(() => Condition("DiskPressure") == ("True", "KubeletHasDiskPressure"));

        node.Apply(Modest, "refused");
        node.Apply(Critical, "critical");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Failed", "refused");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running", "critical");

        Assert.Equal("Pod was rejected: The node had condition: [DiskPressure]. ", node.Status("refused")!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task One_pod_goes_at_a_time_and_the_next_only_if_it_is_still_needed()
    {
        await StartAsync(("one", Greedy), ("two", Greedy), ("three", Greedy));
        figures.FreeMemory = 50L << 20;
        await LookAsync(() => Evicted() == 1);
        figures.FreeMemory = 500L << 20;
        node.Time.Advance(TimeSpan.FromMinutes(5));
        await node.UntilAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(10));
            return Condition("MemoryPressure").Status == "False";
        });
        Assert.Equal(1, Evicted());

        figures.FreeMemory = 50L << 20;
        await node.UntilAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            return Evicted() > 1;
        });

        int Evicted() => ((string[])["one", "two", "three"]).Count(name => Phase(name) == "Failed");
    }

    private async Task StartAsync(params (string Name, string Spec)[] pods)
    {
        await node.Agent.StartAsync();
        foreach (var (name, spec) in pods)
        {
            node.Apply(spec, name, spec == Modest ? "{}" : """{"annotations":{"simulation.grainkube.io/memory":"104857600"}}""");
        }

        foreach (var (name, _) in pods)
        {
            await node.UntilAsync(s => s["phase"]?.GetValue<string>() == "Running", name);
        }
    }

    /// <summary>The machine is looked at once, which leads to something.</summary>
    private Task LookAsync(Func<bool> condition)
    {
        node.Time.Advance(TimeSpan.FromSeconds(10));
        return node.UntilAsync(condition);
    }

    private string? Phase(string name) => node.Status(name)?["phase"]?.GetValue<string>();

    private (string? Status, string? Reason) Condition(string type)
    {
        var conditions = node.View.Get(Keys.Node("node-1"))!.ToNode()["status"]!["conditions"]!.AsArray();
        var found = conditions.Single(c => c!["type"]!.GetValue<string>() == type)!;
        return (found["status"]!.GetValue<string>(), found["reason"]!.GetValue<string>());
    }
}

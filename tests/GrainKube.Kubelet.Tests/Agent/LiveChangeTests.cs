using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Agent;

public sealed class LiveChangeTests
{
    private const string Web = """{"containers":[{"name":"web","image":"nginx","resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"cpu":"100m","memory":"64Mi"}}}]}""";

    private static async Task<SandboxState> SandboxAsync(TestNode node) => (await node.Runtime.Sandboxes.ListAsync(CancellationToken.None)).Single();

    [Fact]
    public async Task A_debugging_container_starts_once_and_the_rest_goes_on()
    {
        await using var node = await RunningAsync();
        var before = (await node.ContainersAsync()).Single().Id;
        Change(node, pod => pod["spec"]!["ephemeralContainers"] = JsonNode.Parse("""[{"name":"look","image":"nginx","targetContainerName":"web"}]"""));

        await node.UntilAsync(s => s["ephemeralContainerStatuses"]?[0]?["state"]?["running"] is not null);

        var status = node.Status()!["ephemeralContainerStatuses"]![0]!;
        Assert.False(status["ready"]!.GetValue<bool>());
        var look = (await node.ContainersAsync()).Single(c => c.Name == "look");
        await node.Runtime.Containers.StopAsync(look.Id, TimeSpan.Zero, CancellationToken.None);
        await node.UntilAsync(s => s["ephemeralContainerStatuses"]![0]!["state"]!["terminated"] is not null);
        Assert.Equal([before], (await node.ContainersAsync()).Where(c => c.Name == "web").Select(c => c.Id));
        Assert.Equal("Running", node.Status()!["phase"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_resize_takes_effect_without_a_restart()
    {
        await using var node = await RunningAsync();
        var before = (await node.ContainersAsync()).Single();
        Resize(node, "200m", "128Mi");

        await node.UntilAsync(s => s["containerStatuses"]![0]!["resources"]?["limits"]?["memory"]?.GetValue<string>() == "128Mi");

        var after = (await node.ContainersAsync()).Single();
        Assert.Equal((before.Id, 128L << 20, 20_000L), (after.Id, after.Resources!.MemoryBytes, after.Resources.CpuQuota));
        Assert.Equal("200m", node.Status()!["containerStatuses"]![0]!["allocatedResources"]!["cpu"]!.GetValue<string>());
        const string Resources = """{"containers":[{"name":"web","resources":{"limits":{"cpu":"200m","memory":"128Mi"},"requests":{"cpu":"200m","memory":"128Mi"}}}],"generation":""";
        Assert.Equal(["ResizeStarted", "ResizeCompleted"], Told(node).Select(e => e.Reason));
        Assert.All(Told(node), e => Assert.StartsWith($"Pod resize {(e.Reason == "ResizeStarted" ? "started" : "completed")}: {Resources}", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_that_has_limits_as_a_whole_is_bounded_by_them_and_can_be_resized()
    {
        await using var node = await RunningAsync(
            """{"resources":{"requests":{"cpu":"1","memory":"64Mi"},"limits":{"cpu":"1","memory":"128Mi"}},"overhead":{"cpu":"250m"},"containers":[{"name":"web","image":"nginx"}]}""");
        Assert.Equal(1280, Whole(await SandboxAsync(node)).CpuShares);
        Assert.Equal("""{"limits":{"cpu":"1250m","memory":"128Mi"},"requests":{"cpu":"1250m","memory":"64Mi"}}""", node.Status()!["resources"]!.ToJsonString());
        Assert.Equal("""{"cpu":"1250m","memory":"64Mi"}""", node.Status()!["allocatedResources"]!.ToJsonString());
        Assert.Equal("Burstable", node.Status()!["qosClass"]!.GetValue<string>());
        var before = (await node.ContainersAsync()).Single();

        Change(node, pod => pod["spec"]!["resources"]!["limits"]!["memory"] = "256Mi");
        await node.UntilAsync(s => s["resources"]!["limits"]!["memory"]!.GetValue<string>() == "256Mi");
        Assert.Equal(256L << 20, Whole(await SandboxAsync(node)).MemoryBytes);
        var after = (await node.ContainersAsync()).Single();
        Assert.Equal((before.Id, 256L << 20), (after.Id, after.Resources!.MemoryBytes));

        // More than the node has.
        Change(node, pod => pod["spec"]!["resources"]!["requests"]!["cpu"] = "5000");
        await node.UntilAsync(s => s["conditions"]!.AsArray().Any(c => c!["type"]!.GetValue<string>() == "PodResizePending" && c["reason"]!.GetValue<string>() == "Infeasible"));
        Assert.Equal("1250m", node.Status()!["allocatedResources"]!["cpu"]!.GetValue<string>());

        static ContainerResources Whole(SandboxState sandbox) => sandbox.Resources!;
    }

    [Fact]
    public async Task A_pod_that_was_started_without_limits_as_a_whole_gets_none()
    {
        await using var node = await RunningAsync();
        Change(node, pod => pod["spec"]!["resources"] = JsonNode.Parse("""{"limits":{"memory":"128Mi"}}"""));
        Resize(node, "200m", "64Mi");

        await node.UntilAsync(s => s["conditions"]!.AsArray().Any(c => c!["type"]!.GetValue<string>() == "PodResizePending" && c["reason"]!.GetValue<string>() == "Infeasible"));
        Assert.Equal(10_000, (await node.ContainersAsync()).Single().Resources!.CpuQuota);
    }

    [Fact]
    public async Task A_resize_that_wants_a_restart_gets_one()
    {
        await using var node = await RunningAsync(Web.Replace("\"resources\"", "\"resizePolicy\":[{\"resourceName\":\"memory\",\"restartPolicy\":\"RestartContainer\"}],\"resources\"", StringComparison.Ordinal));
        var meanwhile = new ConcurrentQueue<JsonNode>();
        using var watching = node.View.Subscribe(pod => meanwhile.Enqueue(pod.ToNode()["status"]!), _ => { });
        Resize(node, "100m", "128Mi");

        await node.UntilAsync(s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 1 && s["containerStatuses"]![0]!["ready"]!.GetValue<bool>());

        Assert.Equal(128L << 20, (await node.ContainersAsync()).Single(c => c.Attempt == 1).Resources!.MemoryBytes);
        await node.UntilAsync(() => Told(node).Count == 2 && InProgress(node.Status()!) is null);
        Assert.Equal(["ResizeStarted", "ResizeCompleted"], Told(node).Select(e => e.Reason));
        var (restarting, done) = (meanwhile.First(s => InProgress(s) is not null)["containerStatuses"]![0]!, node.Status()!["containerStatuses"]![0]!);
        Assert.Equal(("64Mi", "128Mi"), ((string?)restarting["resources"]!["limits"]!["memory"], (string?)restarting["allocatedResources"]!["memory"]));
        Assert.Equal(("128Mi", "128Mi"), ((string?)done["resources"]!["limits"]!["memory"], (string?)done["allocatedResources"]!["memory"]));
    }

    [Fact]
    public async Task A_memory_limit_below_what_is_used_is_not_tried()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(Web, metadata: """{"annotations":{"simulation.grainkube.io/memory":"50000000"}}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        var before = (await node.ContainersAsync()).Single();
        Resize(node, "100m", "32Mi");

        await node.UntilAsync(s => InProgress(s) is not null);

        Assert.Equal(
            ("Error", "attempting to set container \"web\" memory limit (33554432) below current usage (50000000)"),
            (InProgress(node.Status()!)!["reason"]!.GetValue<string>(), InProgress(node.Status()!)!["message"]!.GetValue<string>()));
        Assert.Equal(before, (await node.ContainersAsync()).Single());
        Resize(node, "100m", "60Mi");
        await node.UntilAsync(s => InProgress(s) is null && s["containerStatuses"]![0]!["resources"]!["limits"]!["memory"]!.GetValue<string>() == "60Mi");
    }

    [Fact]
    public async Task A_new_image_is_tried_at_once_where_the_old_one_could_not_be_had()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(Web.Replace("nginx", "registry.invalid/none", StringComparison.Ordinal));
        await node.UntilAsync(s => s["containerStatuses"]?[0]?["state"]?["waiting"]?["reason"]?.GetValue<string>() is "ErrImagePull" or "ImagePullBackOff");

        Change(node, pod => pod["spec"]!["containers"]![0]!["image"] = "nginx");

        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
    }

    [Theory]
    [InlineData("Always")]
    [InlineData("Never")]
    public async Task A_new_image_replaces_the_container_whatever_the_restart_policy(string policy)
    {
        await using var node = await RunningAsync(Web.Insert(1, $"\"restartPolicy\":\"{policy}\","));
        Change(node, pod => pod["spec"]!["containers"]![0]!["image"] = "httpd");

        await node.UntilAsync(s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 1 && s["containerStatuses"]![0]!["ready"]!.GetValue<bool>());

        Assert.Equal(("Running", "httpd"), (node.Status()!["phase"]!.GetValue<string>(), node.Status()!["containerStatuses"]![0]!["image"]!.GetValue<string>()));
        Assert.Contains(node.View.Events, e => e.Reason == "Killing" && e.Message == "Container web definition changed, will be restarted");
    }

    [Fact]
    public async Task What_the_node_does_not_have_is_infeasible_and_changes_nothing()
    {
        await using var node = await RunningAsync();
        var before = (await node.ContainersAsync()).Single();
        Resize(node, "100000", "64Mi");

        await node.UntilAsync(s => Pending(s) is not null);

        Assert.Equal("Infeasible", Pending(node.Status()!)!["reason"]!.GetValue<string>());
        Assert.Equal(before, (await node.ContainersAsync()).Single());
        Assert.Equal("100m", node.Status()!["containerStatuses"]![0]!["resources"]!["limits"]!["cpu"]!.GetValue<string>());

        Resize(node, "150m", "64Mi");
        await node.UntilAsync(s => Pending(s) is null && s["containerStatuses"]![0]!["resources"]!["limits"]!["cpu"]!.GetValue<string>() == "150m");
    }

    [Fact]
    public async Task A_request_that_no_container_feels_is_looked_at_too()
    {
        await using var node = await RunningAsync("""{"containers":[{"name":"web","image":"nginx","resources":{"requests":{"memory":"64Mi"}}}]}""");
        Change(node, pod => pod["spec"]!["containers"]![0]!["resources"]!["requests"]!["memory"] = "100Ti");

        await node.UntilAsync(s => Pending(s) is not null);

        Assert.Equal("64Mi", node.Status()!["containerStatuses"]![0]!["allocatedResources"]!["memory"]!.GetValue<string>());
        var (reason, message) = Told(node).Single();
        Assert.Equal("ResizeInfeasible", reason);
        Assert.StartsWith("Pod resize Infeasible: {\"containers\":[{\"name\":\"web\",\"resources\":{\"requests\":{\"memory\":\"100Ti\"}}}],\"generation\":", message, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"Node didn't have enough capacity: memory, requested: 109951162777600, capacity: ", message, StringComparison.Ordinal);
        Change(node, pod => pod["spec"]!["containers"]![0]!["resources"]!["requests"]!["memory"] = "65Mi");
        await node.UntilAsync(s => Pending(s) is null && s["containerStatuses"]![0]!["allocatedResources"]!["memory"]!.GetValue<string>() == "65Mi");
    }

    [Fact]
    public async Task What_was_not_granted_is_not_had_by_a_restart_of_the_container_or_of_the_node()
    {
        await using var node = await RunningAsync();
        Resize(node, "100000", "64Mi");
        await node.UntilAsync(s => Pending(s) is not null);

        await node.Runtime.Containers.StopAsync((await node.ContainersAsync()).Single().Id, TimeSpan.Zero, CancellationToken.None);
        await node.UntilAsync(s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 1 && s["containerStatuses"]![0]!["ready"]!.GetValue<bool>());
        await node.RestartAsync();
        Change(node, pod => pod["metadata"]!["labels"] = new JsonObject { ["seen"] = "true" });
        await node.UntilAsync(s => Pending(s) is not null);

        Assert.Equal(10_000L, (await node.ContainersAsync()).Single(c => c.Attempt == 1).Resources!.CpuQuota);
        Assert.Equal("100m", node.Status()!["containerStatuses"]![0]!["resources"]!["limits"]!["cpu"]!.GetValue<string>());
        Resize(node, "150m", "64Mi");
        await node.UntilAsync(s => Pending(s) is null && s["containerStatuses"]![0]!["resources"]!["limits"]!["cpu"]!.GetValue<string>() == "150m");
    }

    [Theory]
    [InlineData("kernel.msgmax", "forbidden sysctl: \"kernel.msgmax\" not allowlisted")]
    [InlineData("net/core/somaxconn", "forbidden sysctl: \"net/core/somaxconn\" not allowlisted")]
    public async Task Kernel_parameters_that_are_not_safe_fail_the_pod(string name, string message)
    {
        await using var node = await TestNode.StartAsync();
        node.Apply($$"""{"securityContext":{"sysctls":[{"name":"{{name}}","value":"1"}]},"containers":[{"name":"web","image":"nginx"}]}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Failed");
        Assert.Equal(("SysctlForbidden", $"Pod was rejected: {message}"), (node.Status()!["reason"]!.GetValue<string>(), node.Status()!["message"]!.GetValue<string>()));
        Assert.Empty(await node.ContainersAsync());
    }

    private static List<(string Reason, string Message)> Told(TestNode node) =>
        [.. node.View.Events.Where(e => e.Reason.StartsWith("Resize", StringComparison.Ordinal)).Select(e => (e.Reason, e.Message))];

    private static JsonNode? Pending(JsonNode status) => status["conditions"]!.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == "PodResizePending");

    private static JsonNode? InProgress(JsonNode status) => status["conditions"]!.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == "PodResizeInProgress");

    private static async Task<TestNode> RunningAsync(string spec = Web)
    {
        var node = await TestNode.StartAsync();
        node.Apply(spec);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        return node;
    }

    private static void Resize(TestNode node, string cpu, string memory) => Change(node, pod =>
    {
        var resources = pod["spec"]!["containers"]![0]!["resources"]!;
        foreach (var kind in (string[])["requests", "limits"])
        {
            (resources[kind]!["cpu"], resources[kind]!["memory"]) = (cpu, memory);
        }
    });

    private static void Change(TestNode node, Action<JsonNode> change)
    {
        var pod = node.View.Get(Keys.Pod("default", "web"))!.ToNode();
        change(pod);
        node.View.Put(pod);
    }
}

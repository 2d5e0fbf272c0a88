using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Tests.Agent;

public sealed class PodLifeTests
{
    private const string Web = """{"containers":[{"name":"web","image":"nginx"}]}""";

    [Fact]
    public async Task A_pod_runs_and_says_so()
    {
        await using var node = new TestNode(clusterDns: ["10.96.0.10"]);
        await node.Agent.StartAsync();
        node.Apply(Web);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");

        var status = node.Status()!;
        Assert.Equal("10.9.0.2", status["podIP"]!.GetValue<string>());
        Assert.Equal("192.0.2.1", status["hostIP"]!.GetValue<string>());
        Assert.True(status["containerStatuses"]![0]!["ready"]!.GetValue<bool>());
        Assert.StartsWith("simulated://", status["containerStatuses"]![0]!["containerID"]!.GetValue<string>());
        Assert.All(status["conditions"]!.AsArray(), c => Assert.Equal("True", c!["status"]!.GetValue<string>()));
        Assert.Equal(["Pulled", "Created", "Started"], node.View.Events.Where(e => e.FieldPath.Length > 0).Select(e => e.Reason));
    }

    [Fact]
    public async Task A_running_pod_is_not_written_again()
    {
        await using var node = await TestNode.StartAsync();
        var pod = node.Apply(Web);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        var writes = node.View.Writes[pod.Key];
        for (var i = 0; i < 3; i++)
        {
            node.Agent.WakeAll();
            await Task.Yield();
        }

        node.Time.Advance(TimeSpan.FromMinutes(30));
        await node.RestartAsync();
        node.Agent.WakeAll();
        Assert.Equal(2, writes); // its creation and its status
        Assert.Equal(writes, node.View.Writes[pod.Key]);
    }

    [Fact]
    public async Task A_restarted_kubelet_adopts_what_runs()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(Web);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        var before = await node.ContainersAsync();
        await node.RestartAsync();
        await node.UntilAsync(() => node.Agent.Pods == 1);
        Assert.Equal(before, await node.ContainersAsync());
    }

    [Fact]
    public async Task A_deleted_pod_leaves_nothing_behind()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(Web);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        node.Delete();
        await node.UntilAsync(() => node.View.Get(Keys.Pod("default", "web")) is null);
        await node.UntilAsync(() => node.Agent.Pods == 0);
        Assert.Empty(await node.ContainersAsync());
        Assert.Empty(await node.Runtime.Sandboxes.ListAsync(CancellationToken.None));
        Assert.Contains(node.View.Events, e => e is { Reason: "Killing", Message: "Stopping container web", FieldPath: "spec.containers{web}" });
    }

    [Fact]
    public async Task What_runs_for_a_pod_that_is_gone_is_removed_at_start()
    {
        var node = new TestNode();
        await using var end = node;
        await node.Runtime.Sandboxes.EnsureNetworkAsync("10.9.0.0/24", CancellationToken.None);
        await node.Runtime.Sandboxes.CreateAsync(new SandboxSpec { PodUid = "lost", Namespace = "default", PodName = "lost", Hostname = "lost" }, CancellationToken.None);
        await node.Agent.StartAsync();
        await node.UntilAsync(() => node.Runtime.Sandboxes.ListAsync(CancellationToken.None).Result.Count == 0);
    }

    [Fact]
    public async Task A_finished_pod_loses_a_sandbox_that_an_interrupted_kubelet_left()
    {
        var node = new TestNode();
        await using var end = node;
        var sandboxes = node.Runtime.Sandboxes;
        await sandboxes.EnsureNetworkAsync("10.9.0.0/24", CancellationToken.None);
        var pod = node.Apply("""{"restartPolicy":"Never","containers":[{"name":"web","image":"nginx"}]}""", metadata: """{"annotations":{"simulation.grainkube.io/exit-after":"1"}}""");
        await LeaveDeadSandboxAsync(sandboxes, pod.Header.Uid);
        await node.Agent.StartAsync();
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Succeeded");
        await LeaveDeadSandboxAsync(sandboxes, pod.Header.Uid);
        await node.RestartAsync();
        await node.UntilAsync(() => sandboxes.ListAsync(CancellationToken.None).Result.Count == 1);
        Assert.Single(await node.ContainersAsync());
        await LeaveDeadSandboxAsync(sandboxes, pod.Header.Uid, attempt: 2); // the container ended while its sandbox was being replaced
        await node.RestartAsync();
        await node.UntilAsync(() => sandboxes.ListAsync(CancellationToken.None).Result is [{ Attempt: 1 }]);
        Assert.Single(await node.ContainersAsync());
    }

    [Fact]
    public async Task A_crashing_container_is_restarted_with_back_off()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(Web, metadata: """{"annotations":{"simulation.grainkube.io/exit-after":"1","simulation.grainkube.io/exit-code":"3"}}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.UntilAsync(s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 1); // the first time at once
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.UntilAsync(s => s["containerStatuses"]![0]!["state"]!["waiting"]?["reason"]?.GetValue<string>() == "CrashLoopBackOff");

        var status = node.Status()!["containerStatuses"]![0]!;
        var uid = node.View.Get(Keys.Pod("default", "web"))!.Header.Uid;
        Assert.Equal($"back-off 10s restarting failed container=web pod=web_default({uid})", status["state"]!["waiting"]!["message"]!.GetValue<string>());
        Assert.Equal(3, status["lastState"]!["terminated"]!["exitCode"]!.GetValue<int>());
        Assert.Equal("Running", node.Status()!["phase"]!.GetValue<string>());
        Assert.Contains(node.View.Events, e => e.Reason == "BackOff" && e.Message == $"Back-off restarting failed container web in pod web_default({uid})");

        node.Time.Advance(TimeSpan.FromSeconds(10));
        await node.UntilAsync(s => s["containerStatuses"]![0]!["restartCount"]!.GetValue<int>() == 2);
    }

    [Fact]
    public async Task A_job_that_ends_well_has_succeeded()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(
            """{"restartPolicy":"Never","containers":[{"name":"web","image":"nginx"}]}""",
            metadata: """{"annotations":{"simulation.grainkube.io/exit-after":"1"}}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        node.Time.Advance(TimeSpan.FromSeconds(1));
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Succeeded");
        var terminated = node.Status()!["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.Equal("Completed", terminated["reason"]!.GetValue<string>());
        Assert.DoesNotContain(await node.Runtime.Sandboxes.ListAsync(CancellationToken.None), s => s.Running);
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_backs_off()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply("""{"containers":[{"name":"web","image":"registry.invalid/web:1"}]}""");
        await node.UntilAsync(s => s["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"]?.GetValue<string>() == "ImagePullBackOff");
        Assert.Equal("Pending", node.Status()!["phase"]!.GetValue<string>());
        Assert.Contains(node.View.Events, e => e is { Reason: "BackOff", Message: "Back-off pulling image \"registry.invalid/web:1\"" });
        Assert.Contains(node.View.Events, e => e is { Type: "Warning", Reason: "Failed", Message: "Error: ErrImagePull" });
    }

    [Fact]
    public async Task A_missing_config_map_holds_the_container_until_it_comes()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply("""{"containers":[{"name":"web","image":"nginx","envFrom":[{"configMapRef":{"name":"settings"}}]}]}""");
        await node.UntilAsync(s => s["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"]?.GetValue<string>() == "CreateContainerConfigError");
        Assert.Equal("configmap \"settings\" not found", node.Status()!["containerStatuses"]![0]!["state"]!["waiting"]!["message"]!.GetValue<string>());
        node.View.Put((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"default"},"data":{"A":"b"}}""")!);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
    }

    [Fact]
    public async Task Init_containers_run_one_after_the_other_before_the_rest()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply(
            """{"initContainers":[{"name":"one","image":"a"},{"name":"two","image":"b"}],"containers":[{"name":"web","image":"nginx"}]}""",
            metadata: """{"annotations":{"simulation.grainkube.io/exit-after":"5"}}""");
        await node.UntilAsync(s => s["initContainerStatuses"]?[0]!["state"]!["running"] is not null);
        Assert.Equal("PodInitializing", node.Status()!["containerStatuses"]![0]!["state"]!["waiting"]!["reason"]!.GetValue<string>());
        Assert.Single(await node.ContainersAsync());
        node.Time.Advance(TimeSpan.FromSeconds(5));
        await node.UntilAsync(s => s["initContainerStatuses"]![1]!["state"]!["running"] is not null);
        node.Time.Advance(TimeSpan.FromSeconds(5));
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        Assert.True(node.Status()!["initContainerStatuses"]![0]!["ready"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Hooks_run_at_once_and_sidecars_end_after_the_main_containers_the_last_first()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply("""
            {"terminationGracePeriodSeconds":1000000,"initContainers":[
              {"name":"first","image":"nginx","restartPolicy":"Always","lifecycle":{"preStop":{"sleep":{"seconds":10}}}},
              {"name":"second","image":"nginx","restartPolicy":"Always","lifecycle":{"preStop":{"sleep":{"seconds":2}}}}],
             "containers":[{"name":"web","image":"nginx","lifecycle":{"preStop":{"sleep":{"seconds":10}}}}]}
            """);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        var names = (await node.ContainersAsync()).ToDictionary(c => c.Id, c => c.Name);
        var ended = new List<string>();
        using var over = new CancellationTokenSource();
        var listening = ListenAsync();
        node.Delete(grace: 1_000_000);
        await node.UntilAsync(() => node.View.Events.Count(e => e.Reason == "Killing") == 3); // and no time has passed
        Assert.Empty(ended);
        for (; node.View.Get(Keys.Pod("default", "web")) is not null; await Task.Yield())
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        await node.UntilAsync(() => ended.Count == 3);
        await over.CancelAsync();
        await listening;
        Assert.Equal(["web", "second", "first"], ended);

        async Task ListenAsync()
        {
            try
            {
                await foreach (var happened in node.Runtime.WatchAsync(over.Token))
                {
                    if (happened.Kind == RuntimeEventKind.Died && names.TryGetValue(happened.ContainerId, out var name))
                    {
                        ended.Add(name);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The pod is gone.
            }
        }
    }

    [Fact]
    public async Task A_pod_that_does_not_fit_is_rejected()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply("""{"containers":[{"name":"web","image":"nginx","resources":{"requests":{"cpu":"100000"}}}]}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Failed");
        Assert.Equal("OutOfcpu", node.Status()!["reason"]!.GetValue<string>());
        Assert.StartsWith("Pod was rejected: Node didn't have enough resource: cpu, requested: 100000000, used: 0, capacity: ", node.Status()!["message"]!.GetValue<string>());
        Assert.Empty(await node.ContainersAsync());
    }

    [Fact]
    public async Task A_pod_past_its_deadline_is_failed()
    {
        await using var node = await TestNode.StartAsync();
        node.Apply("""{"activeDeadlineSeconds":60,"containers":[{"name":"web","image":"nginx"}]}""");
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        node.Time.Advance(TimeSpan.FromSeconds(60));
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Failed");
        Assert.Equal("DeadlineExceeded", node.Status()!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_node_registers_and_holds_a_lease()
    {
        await using var node = await TestNode.StartAsync();
        var json = node.View.Get(Keys.Node("node-1"))!.ToNode();
        Assert.Equal("10.9.0.0/24", json["spec"]!["podCIDR"]!.GetValue<string>());
        Assert.Equal("node-1", json["metadata"]!["labels"]!["kubernetes.io/hostname"]!.GetValue<string>());
        Assert.Contains(json["status"]!["conditions"]!.AsArray(), c => c!["type"]!.GetValue<string>() == "Ready" && c["status"]!.GetValue<string>() == "True");
        Assert.NotNull(node.View.Get(Keys.Lease("node-1")));
        node.Time.Advance(TimeSpan.FromMinutes(5));
        await node.UntilAsync(() => node.View.Writes[Keys.Lease("node-1")] > 1);
    }

    private static async Task LeaveDeadSandboxAsync(ISandboxes sandboxes, string uid, int attempt = 0)
    {
        var made = await sandboxes.CreateAsync(new SandboxSpec { PodUid = uid, Namespace = "default", PodName = "web", Hostname = "web", Attempt = attempt }, CancellationToken.None);
        await sandboxes.StopAsync(made.Id, CancellationToken.None);
    }
}

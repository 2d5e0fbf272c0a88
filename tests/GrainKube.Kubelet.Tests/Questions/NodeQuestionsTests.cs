using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Questions;
using GrainKube.Kubelet.Tests.Agent;

namespace GrainKube.Kubelet.Tests.Questions;

public sealed class NodeQuestionsTests
{
    private const string Probed = """{"containers":[{"name":"web","image":"nginx","readinessProbe":{"httpGet":{"port":80} }}],"initContainers":[{"name":"first","image":"nginx","restartPolicy":"Always"}]}""";

    [Fact]
    public async Task Metrics_tell_of_pods_containers_and_probes_by_upstreams_names()
    {
        await using var node = await RunningAsync();
        await node.UntilAsync(s => s["containerStatuses"]![0]!["ready"]!.GetValue<bool>());
        var kubelet = await AskAsync(node, "/metrics");
        foreach (var line in (string[])
            ["kubelet_node_name{node=\"node-1\"} 1", "kubelet_running_pods 1", "kubelet_running_containers{container_state=\"running\"} 2", "kubelet_started_pods_total 1",
             "kubelet_started_containers_total{container_type=\"init_container\"} 1", "kubelet_started_containers_total{container_type=\"container\"} 1"])
        {
            Assert.Contains(line + "\n", kubelet, StringComparison.Ordinal);
        }

        var uid = node.View.Get(Keys.Pod("default", "web"))!.Header.Uid;
        var probe = $"prober_probe_total{{container=\"web\",namespace=\"default\",pod=\"web\",pod_uid=\"{uid}\",probe_type=\"Readiness\",result=\"successful\"}} ";
        Assert.Contains(probe, await AskAsync(node, "/metrics/probes"), StringComparison.Ordinal);
        var resource = await AskAsync(node, "/metrics/resource");
        Assert.Equal(
            ["container_cpu_usage_seconds_total", "container_memory_working_set_bytes", "container_start_time_seconds", "node_cpu_usage_seconds_total", "node_memory_working_set_bytes", "pod_cpu_usage_seconds_total",
             "pod_memory_working_set_bytes", "resource_scrape_error"],
            resource.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]));
        Assert.Contains("container_spec_cpu_shares{container=\"web\",id=\"", await AskAsync(node, "/metrics/cadvisor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_is_listed_and_summed_up_by_pod()
    {
        await using var node = await RunningAsync();
        var pod = Assert.Single(JsonNode.Parse(await AskAsync(node, "/runningpods/"))!["items"]!.AsArray())!;
        Assert.Equal(("web", 2), ((string?)pod["metadata"]!["name"], pod["spec"]!["containers"]!.AsArray().Count));
        var asked = AskAsync(node, "/stats/summary");
        await node.UntilAsync(() =>
        {
            node.Time.Advance(TimeSpan.FromSeconds(1)); // between two samples of what is used
            return asked.IsCompleted;
        });
        var summary = JsonNode.Parse(await asked)!;
        Assert.NotNull(summary["node"]!["cpu"]!["usageNanoCores"]);
        Assert.Equal(["first", "web"], summary["pods"]![0]!["containers"]!.AsArray().Select(c => (string?)c!["name"]));
    }

    [Fact]
    public async Task Logs_of_the_machine_are_listed_and_read_and_nothing_else_is()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(root.FullName, "a b.log"), "said");
            root.CreateSubdirectory("more");
            var list = Encoding.UTF8.GetString((await SystemLogs.ReadAsync(root.FullName, "/", CancellationToken.None)).Body);
            Assert.Contains("<a href=\"a%20b.log\">a b.log</a>\n<a href=\"more/\">more/</a>\n", list, StringComparison.Ordinal);
            Assert.Equal("said", Encoding.UTF8.GetString((await SystemLogs.ReadAsync(root.FullName, "/a%20b.log", CancellationToken.None)).Body));
            Assert.Equal(404, (await SystemLogs.ReadAsync(root.FullName, "/none", CancellationToken.None)).Code);
            Assert.Equal(404, (await SystemLogs.ReadAsync(root.FullName, "/%2e%2e/" + Path.GetFileName(root.FullName) + "x", CancellationToken.None)).Code);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static async Task<string> AskAsync(TestNode node, string path)
    {
        var answer = await NodeQuestions.AnswerAsync(node.Agent.Services, node.Agent.Usage, path, CancellationToken.None);
        Assert.Equal(200, answer.Code);
        return Encoding.UTF8.GetString(answer.Body);
    }

    private static async Task<TestNode> RunningAsync()
    {
        var node = await TestNode.StartAsync();
        node.Apply(Probed);
        await node.UntilAsync(s => s["phase"]!.GetValue<string>() == "Running");
        return node;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;
using GrainKube.Kubelet.Usage;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Questions;

/// <summary>What a kubelet's port answers elsewhere; here its grain does.</summary>
internal static class NodeQuestions
{
    private const string Json = "application/json";
    private const string LogDirectory = "/var/log";
    internal const string Text = "text/plain; charset=utf-8";

    internal static readonly NodeAnswer NotFound = new(404, Text, "404 page not found\n"u8.ToArray());

    public static async Task<NodeAnswer> AnswerAsync(NodeServices node, UsageMeter usage, string path, CancellationToken cancel) => path.TrimEnd('/') switch
    {
        "/logs" when !node.Options.Simulated => await SystemLogs.ReadAsync(LogDirectory, "", cancel),
        var file when file.StartsWith("/logs/", StringComparison.Ordinal) && !node.Options.Simulated => await SystemLogs.ReadAsync(LogDirectory, file["/logs".Length..], cancel),
        "/healthz" or "/livez" or "/healthz/ping" => Plain("ok"),
        "/pods" => Of(Pods(node)),
        "/configz" => Of(Configuration(node)),
        "/runningpods" => Of(await RunningPodsAsync(node, cancel)),
        "/stats/summary" => Of(await StatsSummary.OfAsync(node, await usage.ReadAsync(), cancel)),
        "/metrics" => Metrics(await KubeletMetrics.OfAsync(node, cancel)),
        "/metrics/cadvisor" => Metrics(await ContainerMetrics.OfAsync(node, cancel)),
        "/metrics/probes" => Metrics(KubeletMetrics.OfProbes(node)),
        "/metrics/resource" => Metrics(await ResourceMetrics.OfAsync(node, cancel)),
        _ => NotFound,
    };

    private static NodeAnswer Metrics(string text) => new(200, MetricText.ContentType, Encoding.UTF8.GetBytes(text));

    private static NodeAnswer Plain(string text) => new(200, Text, Encoding.UTF8.GetBytes(text));

    private static NodeAnswer Of(JsonObject json) => new(200, Json, Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject Pods(NodeServices node) => List(node.View.Pods().Select(pod => pod.ToNode()));

    /// <summary>What the runtime knows of pods that run, whoever wanted them.</summary>
    private static async Task<JsonObject> RunningPodsAsync(NodeServices node, CancellationToken cancel) => List(
        from pod in (await node.Picture.GetAllAsync(cancel)).Values
        let running = pod.Containers.Where(c => c.Phase == ContainerPhase.Running).ToList()
        where running.Count > 0
        select new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = running[0].PodName, ["namespace"] = running[0].Namespace, ["uid"] = running[0].PodUid },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. running.Select(c => new JsonObject { ["name"] = c.Name, ["image"] = c.Image, ["resources"] = new JsonObject() })]) },
            ["status"] = new JsonObject(),
        });

    private static JsonObject List(IEnumerable<JsonObject> pods) => new()
    {
        ["kind"] = "PodList",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. pods]),
    };

    private static JsonObject Configuration(NodeServices node) => new()
    {
        ["kubeletconfig"] = new JsonObject
        {
            ["kind"] = "KubeletConfiguration",
            ["apiVersion"] = "kubelet.config.k8s.io/v1beta1",
            ["clusterDNS"] = new JsonArray([.. node.Options.ClusterDns.Select(address => JsonValue.Create(address))]),
            ["clusterDomain"] = node.Options.ClusterDomain,
            ["maxPods"] = node.Options.MaxPods,
            ["nodeLeaseDurationSeconds"] = (int)node.Options.LeaseDuration.TotalSeconds,
            ["podCIDR"] = node.Options.PodCidr,
        },
    };
}

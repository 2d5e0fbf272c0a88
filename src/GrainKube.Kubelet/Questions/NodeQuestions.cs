using System.Text;
using System.Text.Json.Nodes;
using GrainKube.Kubelet.Agent;
using GrainKube.Objects.Nodes;

namespace GrainKube.Kubelet.Questions;

/// <summary>What a kubelet's port answers elsewhere; here its grain does.</summary>
internal static class NodeQuestions
{
    private const string Json = "application/json";
    private const string Text = "text/plain; charset=utf-8";

    public static async Task<NodeAnswer> AnswerAsync(NodeServices node, string path, CancellationToken cancel) => path.TrimEnd('/') switch
    {
        "/healthz" or "/livez" or "/healthz/ping" => Plain("ok"),
        "/pods" => Of(Pods(node)),
        "/configz" => Of(Configuration(node)),
        "/stats/summary" => Of(await StatsSummary.OfAsync(node, cancel)),
        "/metrics/resource" => Plain(await ResourceMetrics.OfAsync(node, cancel)),
        _ => new NodeAnswer(404, Text, "404 page not found\n"u8.ToArray()),
    };

    private static NodeAnswer Plain(string text) => new(200, Text, Encoding.UTF8.GetBytes(text));

    private static NodeAnswer Of(JsonObject json) => new(200, Json, Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject Pods(NodeServices node) => new()
    {
        ["kind"] = "PodList",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. node.View.Pods().Select(pod => pod.ToNode())]),
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

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Objects.Nodes;

namespace GrainKube.ApiServer.Metrics;

/// <summary>Objects of <c>metrics.k8s.io/v1beta1</c>, in the form that metrics-server gives them.</summary>
internal static class MetricsJson
{
    public const string Group = "metrics.k8s.io";

    public static KubeObject Node(KubeObject node, NodeUsage usage)
    {
        var item = Head("NodeMetrics", node, usage);
        item["usage"] = Usage(usage.CpuNanocores, usage.MemoryBytes);
        return Object("nodes", "NodeMetrics", node, item);
    }

    public static KubeObject Pod(KubeObject pod, NodeUsage node, PodUsage usage)
    {
        var item = Head("PodMetrics", pod, node);
        item["containers"] = new JsonArray([.. usage.Containers.Select(c => new JsonObject { ["name"] = c.Name, ["usage"] = Usage(c.CpuNanocores, c.MemoryBytes) })]);
        return Object("pods", "PodMetrics", pod, item);
    }

    private static JsonObject Head(string kind, KubeObject of, NodeUsage usage)
    {
        var at = GoTime.Format(usage.Time);
        var metadata = new JsonObject { ["name"] = of.Header.Name };
        if (of.Key.Namespace.Length > 0)
        {
            metadata["namespace"] = of.Key.Namespace;
        }

        metadata["creationTimestamp"] = at;
        if (of.Header.Labels.Count > 0)
        {
            metadata["labels"] = new JsonObject(of.Header.Labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        }

        return new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = Group + "/v1beta1",
            ["metadata"] = metadata,
            ["timestamp"] = at,
            ["window"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Round(usage.Window.TotalSeconds, 3)}s"),
        };
    }

    private static JsonObject Usage(long nanocores, long bytes) => new()
    {
        ["cpu"] = nanocores == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{nanocores}n"),
        ["memory"] = bytes % 1024 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024}Ki") : bytes.ToString(CultureInfo.InvariantCulture),
    };

    private static KubeObject Object(string resource, string kind, KubeObject of, JsonObject item) => new(
        new ObjectKey(Group, resource, of.Key.Namespace, of.Key.Name),
        new ObjectHeader
        {
            ApiVersion = Group + "/v1beta1",
            Kind = kind,
            Name = of.Header.Name,
            Namespace = of.Key.Namespace,
            Uid = "",
            Revision = 0,
            Labels = of.Header.Labels,
        },
        Encoding.UTF8.GetBytes(item.ToJsonString()));
}

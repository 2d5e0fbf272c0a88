using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Questions;

/// <summary><c>/stats/summary</c>: processor and memory of the containers by pod.</summary>
internal static class StatsSummary
{
    public static async Task<JsonObject> OfAsync(NodeServices node, CancellationToken cancel)
    {
        var used = await PodUsage.ReadAsync(node, cancel);
        return new JsonObject
        {
            ["node"] = new JsonObject
            {
                ["nodeName"] = node.Options.Name,
                ["cpu"] = Processor(node.Time.GetUtcNow(), used.Aggregate(0UL, (sum, item) => sum + item.Usage.CpuNanoseconds)),
                ["memory"] = Memory(node.Time.GetUtcNow(), used.Aggregate(0UL, (sum, item) => sum + item.Usage.MemoryBytes), used.Aggregate(0UL, (sum, item) => sum + item.Usage.WorkingSetBytes)),
            },
            ["pods"] = new JsonArray([.. used.GroupBy(item => item.Container.PodUid).Select(pod => Pod([.. pod]))]),
        };
    }

    private static JsonObject Pod(IReadOnlyList<(ContainerState Container, ContainerUsage Usage)> used)
    {
        var first = used[0].Container;
        return new JsonObject
        {
            ["podRef"] = new JsonObject { ["name"] = first.PodName, ["namespace"] = first.Namespace, ["uid"] = first.PodUid },
            ["startTime"] = GoTime.Format(used.Min(item => item.Container.CreatedAt)),
            ["containers"] = new JsonArray([.. used.Select(item => new JsonObject
            {
                ["name"] = item.Container.Name,
                ["startTime"] = GoTime.Format(item.Container.StartedAt ?? item.Container.CreatedAt),
                ["cpu"] = Processor(item.Usage.Time, item.Usage.CpuNanoseconds),
                ["memory"] = Memory(item.Usage.Time, item.Usage.MemoryBytes, item.Usage.WorkingSetBytes),
            })]),
        };
    }

    private static JsonObject Processor(DateTimeOffset time, ulong nanoseconds) => new() { ["time"] = GoTime.Format(time), ["usageCoreNanoSeconds"] = nanoseconds };

    private static JsonObject Memory(DateTimeOffset time, ulong bytes, ulong workingSet) =>
        new() { ["time"] = GoTime.Format(time), ["usageBytes"] = bytes, ["workingSetBytes"] = workingSet };
}

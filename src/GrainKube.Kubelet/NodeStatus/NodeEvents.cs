using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Cluster;
using k8s.Models;

namespace GrainKube.Kubelet.NodeStatus;

/// <summary>What upstream's kubelet tells of its node when that changes: as events about the Node.</summary>
internal static class NodeEvents
{
    private static readonly Dictionary<(string Type, string Status), string> Reasons = new()
    {
        [("MemoryPressure", "True")] = "NodeHasInsufficientMemory",
        [("MemoryPressure", "False")] = "NodeHasSufficientMemory",
        [("DiskPressure", "True")] = "NodeHasDiskPressure",
        [("DiskPressure", "False")] = "NodeHasNoDiskPressure",
        [("PIDPressure", "True")] = "NodeHasInsufficientPID",
        [("PIDPressure", "False")] = "NodeHasSufficientPID",
        [("Ready", "True")] = "NodeReady",
        [("Ready", "False")] = "NodeNotReady",
    };

    /// <summary>The reasons of the events that tell the difference between two statuses. Pure.</summary>
    public static IEnumerable<string> Between(JsonObject before, JsonObject after)
    {
        var known = Statuses(before).ToHashSet();
        return Statuses(after).Where(c => !known.Contains(c) && Reasons.ContainsKey(c)).Select(c => Reasons[c]);
    }

    public static void Tell(NodeServices node, string reason) => node.Record("Normal", reason, $"Node {node.Options.Name} status is now: {reason}");

    /// <summary>Tells whenever the node is cordoned or may take pods again.</summary>
    public static async Task FollowCordonAsync(NodeServices node, CancellationToken stop)
    {
        var key = Keys.Node(node.Options.Name);
        var cordoned = node.View.Get(key) is { } present && IsCordoned(present);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await node.View.WaitForAsync(key, item => IsCordoned(item) != cordoned, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            cordoned = !cordoned;
            Tell(node, cordoned ? "NodeNotSchedulable" : "NodeSchedulable");
        }
    }

    private static bool IsCordoned(KubeObject item) => item.As<V1Node>().Spec?.Unschedulable == true;

    private static IEnumerable<(string Type, string Status)> Statuses(JsonObject status) =>
        (status["conditions"] as JsonArray ?? []).OfType<JsonObject>().Select(c => ((string?)c["type"] ?? "", (string?)c["status"] ?? ""));
}

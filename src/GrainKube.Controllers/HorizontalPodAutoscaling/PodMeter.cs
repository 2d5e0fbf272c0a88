using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Nodes;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>The pods of a target with the figures of their nodes' kubelets.</summary>
internal sealed class PodMeter
{
    private readonly IReadOnlyList<KubeObject> pods;
    private readonly Dictionary<string, (NodeUsage Node, PodUsage Pod)> figures;
    private readonly DateTimeOffset now;

    private PodMeter(IReadOnlyList<KubeObject> pods, Dictionary<string, (NodeUsage Node, PodUsage Pod)> figures, DateTimeOffset now) =>
        (this.pods, this.figures, this.now) = (pods, figures, now);

    public static async Task<PodMeter> ReadAsync(IReadOnlyList<KubeObject> pods, ClusterUsage usage, DateTimeOffset now, CancellationToken cancel)
    {
        var nodes = await usage.OfAsync(pods.Select(p => PodFacts.Of(p)).Where(f => f is { Phase: "Running", NodeName.Length: > 0 }).Select(f => f.NodeName), cancel);
        return new PodMeter(pods, nodes.Values.SelectMany(n => n.Pods, (node, pod) => (node, pod)).ToDictionary(f => f.pod.Uid), now);
    }

    /// <param name="resource"><c>cpu</c> or <c>memory</c>; of others there are no figures.</param>
    /// <param name="container">Only this one; empty for all of a pod.</param>
    public IReadOnlyList<MeasuredPod> Measure(string resource, string container) =>
        [.. pods.Select(p => MeasuredPod.Of(p, Figure(p.Header.Uid, resource, container), resource, container, now))];

    private (long, DateTimeOffset, TimeSpan)? Figure(string uid, string resource, string container)
    {
        if (!figures.TryGetValue(uid, out var found) || resource is not ("cpu" or "memory"))
        {
            return null;
        }

        var chosen = found.Pod.Containers.Where(c => container.Length == 0 || c.Name == container).ToList();
        return chosen.Count == 0 ? null
            : (chosen.Sum(c => resource == "cpu" ? (c.CpuNanocores + 999_999) / 1_000_000 : c.MemoryBytes * 1000), found.Node.Time, found.Node.Window);
    }
}

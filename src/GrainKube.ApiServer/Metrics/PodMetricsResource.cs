using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Nodes;
using GrainKube.Resources.Core.Pods;

namespace GrainKube.ApiServer.Metrics;

/// <summary><c>pods</c> of <c>metrics.k8s.io</c>: what <c>kubectl top pods</c> shows. A pod is there while its containers run.</summary>
internal sealed class PodMetricsResource(WatchCache cache, ClusterUsage usage) : IComputedResource
{
    private static readonly GroupResource Pods = new("", "pods");

    public GroupResource Resource => new(MetricsJson.Group, "pods");

    public async Task<IReadOnlyList<KubeObject>> ListAsync(string ns, string? name, Func<IReadOnlyDictionary<string, string>, bool> labels, CancellationToken cancel)
    {
        var pods = cache.Kind(Pods).Snapshot.In(ns)
            .Where(p => (name is null || p.Key.Name == name) && labels(p.Header.Labels) && PodFacts.Of(p) is { Phase: "Running", NodeName.Length: > 0 }).ToList();
        var nodes = await usage.OfAsync(pods.Select(p => PodFacts.Of(p).NodeName), cancel);
        var figures = nodes.Values.SelectMany(n => n.Pods, (node, pod) => (node, pod)).ToDictionary(f => f.pod.Uid);
        return [.. pods.Where(p => figures.ContainsKey(p.Header.Uid)).Select(p => MetricsJson.Pod(p, figures[p.Header.Uid].node, figures[p.Header.Uid].pod))];
    }
}

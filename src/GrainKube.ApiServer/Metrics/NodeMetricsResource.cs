using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Nodes;

namespace GrainKube.ApiServer.Metrics;

/// <summary><c>nodes</c> of <c>metrics.k8s.io</c>: what <c>kubectl top nodes</c> shows.</summary>
internal sealed class NodeMetricsResource(WatchCache cache, ClusterUsage usage) : IComputedResource
{
    private static readonly GroupResource Nodes = new("", "nodes");

    public GroupResource Resource => new(MetricsJson.Group, "nodes");

    public async Task<IReadOnlyList<KubeObject>> ListAsync(string ns, string? name, Func<IReadOnlyDictionary<string, string>, bool> labels, CancellationToken cancel)
    {
        var nodes = cache.Kind(Nodes).Snapshot.All.Where(n => (name is null || n.Key.Name == name) && labels(n.Header.Labels)).ToList();
        var figures = await usage.OfAsync(nodes.Select(n => n.Key.Name), cancel);
        return [.. nodes.Where(n => figures.ContainsKey(n.Key.Name)).Select(n => MetricsJson.Node(n, figures[n.Key.Name]))];
    }
}

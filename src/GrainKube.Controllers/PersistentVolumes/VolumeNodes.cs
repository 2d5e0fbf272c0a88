using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>Where volumes of machines' own disks are.</summary>
internal static class VolumeNodes
{
    private static readonly GroupResource Nodes = new("", "nodes");

    /// <summary>The nodes whose host names the volume asks for; all where it asks for none.</summary>
    public static IEnumerable<KubeObject> Of(V1PersistentVolume volume, WatchCache cache)
    {
        var hostnames = volume.Spec.NodeAffinity?.Required?.NodeSelectorTerms?.SelectMany(t => t.MatchExpressions ?? []).SelectMany(e => e.Values ?? []).ToHashSet(StringComparer.Ordinal);
        return cache.Kind(Nodes).Snapshot.All.Where(n => hostnames?.Contains(n.Header.Labels.GetValueOrDefault("kubernetes.io/hostname", n.Header.Name)) != false);
    }
}

using System.Text.Json;
using GrainKube.Kubelet.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The part of a pod's metadata that its volumes show and that may change while it runs.</summary>
internal static class DownwardMetadata
{
    /// <returns>A text that differs where the metadata does; empty where no volume shows it.</returns>
    public static string Of(PodContext pod)
    {
        var fields = (pod.Spec.Volumes ?? []).SelectMany(Items).Select(i => i.FieldRef?.FieldPath ?? "").ToList();
        var metadata = pod.Pod.Metadata;
        return (fields.Exists(f => f.StartsWith("metadata.labels", StringComparison.Ordinal)) ? JsonSerializer.Serialize(metadata.Labels) : "")
            + (fields.Exists(f => f.StartsWith("metadata.annotations", StringComparison.Ordinal)) ? JsonSerializer.Serialize(metadata.Annotations) : "");
    }

    private static IEnumerable<V1DownwardAPIVolumeFile> Items(V1Volume volume) =>
        (volume.DownwardAPI?.Items ?? []).Concat((volume.Projected?.Sources ?? []).SelectMany(s => s.DownwardAPI?.Items ?? []));
}

using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>Where a node stands, by its well-known label.</summary>
internal static class NodeZone
{
    /// <returns>Null where the node says nothing.</returns>
    public static string? Of(KubeObject? node) => node?.Header.Labels.GetValueOrDefault("topology.kubernetes.io/zone") is { Length: > 0 } zone ? zone : null;
}

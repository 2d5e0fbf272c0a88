namespace GrainKube.Objects.Nodes;

/// <summary>What a pod's running containers use.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.PodUsage")]
public sealed record PodUsage(
    [property: Id(0)] string Uid,
    [property: Id(1)] string Namespace,
    [property: Id(2)] string Name,
    [property: Id(3)] IReadOnlyList<ContainerUsageRate> Containers);

namespace GrainKube.Objects.Nodes;

/// <summary>CPU in billionths of a core, averaged over the window, and memory's working set in bytes.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.ContainerUsageRate")]
public readonly record struct ContainerUsageRate([property: Id(0)] string Name, [property: Id(1)] long CpuNanocores, [property: Id(2)] long MemoryBytes);

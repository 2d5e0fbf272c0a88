namespace GrainKube.Objects.Nodes;

/// <summary>What a node and its pods use.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.NodeUsage")]
public sealed record NodeUsage
{
    /// <summary>The end of the window.</summary>
    [Id(0)] public required DateTimeOffset Time { get; init; }

    /// <summary>Over which CPU use was averaged.</summary>
    [Id(1)] public required TimeSpan Window { get; init; }

    /// <summary>Of the whole machine, in billionths of a core.</summary>
    [Id(2)] public required long CpuNanocores { get; init; }

    /// <summary>Memory that cannot be given back at once, of the whole machine.</summary>
    [Id(3)] public required long MemoryBytes { get; init; }

    [Id(4)] public IReadOnlyList<PodUsage> Pods { get; init; } = [];
}

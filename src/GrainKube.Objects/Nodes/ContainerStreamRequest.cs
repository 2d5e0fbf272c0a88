namespace GrainKube.Objects.Nodes;

/// <summary>The parameters of <c>pods/exec</c> and <c>pods/attach</c>.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.ContainerStreamRequest")]
public sealed record ContainerStreamRequest
{
    [Id(0)] public required string Namespace { get; init; }
    [Id(1)] public required string Pod { get; init; }
    [Id(2)] public required string PodUid { get; init; }
    [Id(3)] public required string Container { get; init; }

    /// <summary>The command of an exec; empty attaches to the container's main process.</summary>
    [Id(4)] public IReadOnlyList<string> Command { get; init; } = [];
    [Id(5)] public bool Stdin { get; init; }
    [Id(6)] public bool Stdout { get; init; }
    [Id(7)] public bool Stderr { get; init; }
    [Id(8)] public bool Tty { get; init; }

    /// <summary>The silo of the gateway that reads, as <see cref="SiloAddress.ToParsableString"/> writes it: when it dies, the stream ends.</summary>
    [Id(9)] public string Gateway { get; init; } = "";
}

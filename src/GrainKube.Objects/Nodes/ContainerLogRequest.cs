namespace GrainKube.Objects.Nodes;

/// <summary>The parameters of <c>pods/log</c>.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.ContainerLogRequest")]
public sealed record ContainerLogRequest
{
    [Id(0)] public required string Namespace { get; init; }
    [Id(1)] public required string Pod { get; init; }

    /// <summary>Uid of the pod, so that a namesake's logs are never shown.</summary>
    [Id(2)] public required string PodUid { get; init; }
    [Id(3)] public required string Container { get; init; }
    [Id(4)] public bool Follow { get; init; }

    /// <summary>The instance before the present one.</summary>
    [Id(5)] public bool Previous { get; init; }
    [Id(6)] public bool Timestamps { get; init; }
    [Id(7)] public long? TailLines { get; init; }
    [Id(8)] public long? LimitBytes { get; init; }

    /// <summary>Only lines written after this moment.</summary>
    [Id(9)] public DateTimeOffset? Since { get; init; }

    /// <summary><c>All</c>, <c>Stdout</c> or <c>Stderr</c>.</summary>
    [Id(10)] public string Stream { get; init; } = "All";

    /// <summary>The silo of the gateway that reads, as <see cref="SiloAddress.ToParsableString"/> writes it: when it dies, the stream ends.</summary>
    [Id(11)] public string Gateway { get; init; } = "";
}

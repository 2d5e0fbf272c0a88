namespace GrainKube.Objects.Nodes;

/// <summary>A TCP connection to a port of a pod.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.PodConnectionRequest")]
public sealed record PodConnectionRequest
{
    [Id(0)] public required string Namespace { get; init; }
    [Id(1)] public required string Pod { get; init; }
    [Id(2)] public required string PodUid { get; init; }
    [Id(3)] public required int Port { get; init; }

    /// <summary>Where to connect from the node; empty is the pod's own loopback, as port-forward wants it.</summary>
    [Id(4)] public string Address { get; init; } = "";

    /// <summary>The silo of the gateway that reads, as <see cref="SiloAddress.ToParsableString"/> writes it: when it dies, the connection ends.</summary>
    [Id(5)] public string Gateway { get; init; } = "";
}

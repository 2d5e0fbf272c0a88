namespace GrainKube.Objects.Nodes;

/// <summary>A piece of a session's output.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.StreamFrame")]
public readonly record struct StreamFrame([property: Id(0)] StreamChannel Channel, [property: Id(1)] byte[] Data);

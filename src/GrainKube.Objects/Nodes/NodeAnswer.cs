namespace GrainKube.Objects.Nodes;

/// <summary>A kubelet's answer to a question over <c>nodes/NAME/proxy</c>.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.NodeAnswer")]
public sealed record NodeAnswer([property: Id(0)] int Code, [property: Id(1)] string ContentType, [property: Id(2)] byte[] Body);

namespace GrainKube.Objects.Writes;

/// <summary>What must be true of the stored object for a delete (or an internal patch) to go on; a miss is a 409.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.Preconditions")]
public sealed record Preconditions([property: Id(0)] string? Uid = null, [property: Id(1)] long? Revision = null);

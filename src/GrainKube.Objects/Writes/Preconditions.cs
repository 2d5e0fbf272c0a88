namespace GrainKube.Objects.Writes;

/// <summary>What must be true of the stored object for a delete (or an internal patch) to go on; a miss is a 409.</summary>
/// <param name="Uid">Of the object; null for any.</param>
/// <param name="Revision">Of the object; null for any.</param>
/// <param name="RevisionText">A revision as a client wrote it that is no number, and so no object's.</param>
[GenerateSerializer, Immutable]
[Alias("GrainKube.Preconditions")]
public sealed record Preconditions([property: Id(0)] string? Uid = null, [property: Id(1)] long? Revision = null, [property: Id(2)] string? RevisionText = null);

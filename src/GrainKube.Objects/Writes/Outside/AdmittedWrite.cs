namespace GrainKube.Objects.Writes.Outside;

/// <summary>What outside admission has decided about a write; it holds for one revision of the object only.</summary>
/// <param name="Revision">The stored revision that was shown; 0 for none.</param>
/// <param name="Object">What takes the place of the object (or of the subresource's body); null where nobody changed it.</param>
[GenerateSerializer, Immutable]
[Alias("GrainKube.AdmittedWrite")]
public sealed record AdmittedWrite([property: Id(0)] long Revision, [property: Id(1)] byte[]? Object);

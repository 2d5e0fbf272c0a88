using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Writes;

/// <summary>What a grain remembers of its last commit until this silo's cache has seen it. Only a guess: another activation may have written since.</summary>
/// <param name="Revision">Revision of the commit, or of what was read.</param>
/// <param name="Item">The object then; null where it was absent.</param>
internal sealed record HeldObject(long Revision, KubeObject? Item);

using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Objects.Cache;

/// <summary>One change of one object as the watch cache saw it.</summary>
/// <param name="Before">The version before, or null for a creation.</param>
/// <param name="After">The version now; for a deletion, null.</param>
/// <param name="Revision">Revision of the change (of the deletion, where it was one).</param>
public sealed record ObjectChange(KubeObject? Before, KubeObject? After, long Revision)
{
    /// <summary>The newest version there was: <see cref="After"/>, or for a deletion <see cref="Before"/>.</summary>
    public KubeObject Subject => After ?? Before!;
}

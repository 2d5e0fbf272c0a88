namespace GrainKube.Objects.Writes;

/// <summary><c>propagationPolicy</c>: what becomes of an object's dependents.</summary>
public enum DeletePropagation
{
    /// <summary>The kind's default (background).</summary>
    Default,
    Background,
    Foreground,
    Orphan,
}

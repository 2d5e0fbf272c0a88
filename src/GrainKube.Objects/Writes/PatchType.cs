namespace GrainKube.Objects.Writes;

/// <summary>The media types of a patch.</summary>
public enum PatchType
{
    None,

    /// <summary>RFC 6902, <c>application/json-patch+json</c>.</summary>
    Json,

    /// <summary>RFC 7386, <c>application/merge-patch+json</c>.</summary>
    Merge,

    /// <summary><c>application/strategic-merge-patch+json</c>.</summary>
    StrategicMerge,

    /// <summary><c>application/apply-patch+yaml</c>.</summary>
    Apply,
}

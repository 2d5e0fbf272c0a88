namespace GrainKube.Controllers.GarbageCollection;

/// <summary>What became of one owner of a dependent.</summary>
internal enum OwnerState
{
    /// <summary>It exists.</summary>
    Solid,

    /// <summary>No object has this uid any more.</summary>
    Absent,

    /// <summary>It is being deleted in the foreground and waits for this dependent.</summary>
    Waiting,

    /// <summary>Its kind is not served; nobody can tell.</summary>
    Unknown,
}

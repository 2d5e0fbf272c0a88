namespace GrainKube.Objects.Writes.Outside;

/// <summary>How far a write is prepared.</summary>
public enum PrepareStage
{
    /// <summary>In-process mutation is done; the object need not be valid yet.</summary>
    Mutated,

    /// <summary>The object is valid and in-process admission agrees.</summary>
    Validated,
}

namespace GrainKube.Objects.Writes;

/// <summary>What a write asks of an object.</summary>
public enum WriteVerb
{
    Create,
    Update,
    Patch,
    Delete,
}

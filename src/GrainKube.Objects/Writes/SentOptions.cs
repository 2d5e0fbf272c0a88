namespace GrainKube.Objects.Writes;

/// <summary>Which options of a write its client named itself. The others have their defaults, and admission is not shown those.</summary>
[Flags]
public enum SentOptions
{
    None = 0,
    FieldManager = 1,
    FieldValidation = 2,
    Propagation = 4,

    /// <summary>The older way to name a propagation: <c>orphanDependents</c>.</summary>
    OrphanDependents = 8,
}

namespace GrainKube.Objects.Writes;

/// <summary>What happens to unknown and duplicate fields (<c>fieldValidation</c> parameter).</summary>
public enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

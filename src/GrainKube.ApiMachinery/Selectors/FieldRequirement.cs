namespace GrainKube.ApiMachinery.Selectors;

/// <summary>One term of a field selector.</summary>
/// <param name="Field">The field's path.</param>
/// <param name="Value">The value it is compared with.</param>
/// <param name="Equal">False for <c>!=</c>.</param>
public sealed record FieldRequirement(string Field, string Value, bool Equal);

namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
public sealed record ValidationRule
{
    public required string Rule { get; init; }
    public string Message { get; init; } = "";
    public string MessageExpression { get; init; } = "";

    /// <summary><c>FieldValueInvalid</c>, <c>FieldValueForbidden</c>, <c>FieldValueRequired</c>, <c>FieldValueDuplicate</c>; empty means the first.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Relative to where the rule stands, as it was given: <c>.spec.x</c>; empty means there.</summary>
    public string FieldPath { get; init; } = "";

    /// <summary>Transition rules: evaluated on create as well, with <c>oldSelf</c> an optional.</summary>
    public bool OptionalOldSelf { get; init; }
}

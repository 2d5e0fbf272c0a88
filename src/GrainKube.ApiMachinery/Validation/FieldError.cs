namespace GrainKube.ApiMachinery.Validation;

/// <summary>One thing wrong with one field, in upstream's words.</summary>
/// <param name="Type">What sort of error; gives the cause's reason on the wire.</param>
/// <param name="Field">Path such as <c>spec.containers[0].name</c>.</param>
/// <param name="Detail">The message without the field, for example <c>Required value: must be set</c>.</param>
public sealed record FieldError(FieldErrorType Type, string Field, string Detail)
{
    /// <summary>The reason in <c>status.details.causes[]</c>.</summary>
    public string Reason => Type switch
    {
        FieldErrorType.NotFound => "FieldValueNotFound",
        FieldErrorType.Required => "FieldValueRequired",
        FieldErrorType.Duplicate => "FieldValueDuplicate",
        FieldErrorType.Invalid => "FieldValueInvalid",
        FieldErrorType.NotSupported => "FieldValueNotSupported",
        FieldErrorType.Forbidden => "FieldValueForbidden",
        FieldErrorType.TooLong => "FieldValueTooLong",
        FieldErrorType.TooMany => "FieldValueTooMany",
        FieldErrorType.TypeInvalid => "FieldValueTypeInvalid",
        _ => "InternalError",
    };

    /// <inheritdoc/>
    public override string ToString() => Field.Length == 0 ? Detail : $"{Field}: {Detail}";
}

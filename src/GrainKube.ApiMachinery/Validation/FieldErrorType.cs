namespace GrainKube.ApiMachinery.Validation;

/// <summary>The kinds of field error; their names on the wire are upstream's <c>StatusCause</c> reasons.</summary>
public enum FieldErrorType
{
    NotFound,
    Required,
    Duplicate,
    Invalid,
    NotSupported,
    Forbidden,
    TooLong,
    TooMany,
    Internal,
    TypeInvalid,
}

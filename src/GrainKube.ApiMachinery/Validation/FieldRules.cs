namespace GrainKube.ApiMachinery.Validation;

/// <summary>Rules that many kinds share, said at the place they are about.</summary>
public static class FieldRules
{
    public static void NotNegative(this FieldErrors errors, long? value)
    {
        if (value < 0)
        {
            errors.Invalid(value, "must be greater than or equal to 0");
        }
    }

    /// <summary>Reports every problem that one of the <see cref="NameRules"/> found.</summary>
    public static void Report(this FieldErrors errors, object? value, IReadOnlyList<string> problems)
    {
        // Only texts are checked although they are absent; upstream's are empty then.
        value ??= "";
        foreach (var problem in problems)
        {
            errors.Invalid(value, problem);
        }
    }

    /// <summary>A required name; an empty one is reported as missing.</summary>
    public static void RequiredName(this FieldErrors errors, string? value, Func<string, IReadOnlyList<string>> rule)
    {
        if (string.IsNullOrEmpty(value))
        {
            errors.Required();
        }
        else
        {
            errors.Report(value, rule(value));
        }
    }

    /// <summary>A text that may not be absent or empty.</summary>
    public static void MustBeSet(this FieldErrors errors, string? value, string message = "")
    {
        if (string.IsNullOrEmpty(value))
        {
            errors.Required(message);
        }
    }

    /// <summary>An enumeration that must be set.</summary>
    public static void RequiredOneOf(this FieldErrors errors, string? value, params ReadOnlySpan<string> supported)
    {
        if (string.IsNullOrEmpty(value))
        {
            errors.Required();
        }
        else
        {
            errors.OneOf(value, supported);
        }
    }

    /// <summary>An enumeration that may be absent.</summary>
    public static void OneOf(this FieldErrors errors, string? value, params ReadOnlySpan<string> supported)
    {
        if (value is not null && !supported.Contains(value))
        {
            errors.NotSupported(value, supported.ToArray());
        }
    }

    /// <summary>Compares what an update may not change.</summary>
    public static void Immutable<T>(this FieldErrors errors, T next, T current)
    {
        if (!EqualityComparer<T>.Default.Equals(next, current))
        {
            errors.Invalid(next, "field is immutable");
        }
    }
}

using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for paths that must stay inside a volume.</summary>
internal static class PathRules
{
    public static void NoBacksteps(string? path, FieldErrors errors)
    {
        if (path?.Split('/').Contains("..") == true)
        {
            errors.Invalid(path, "must not contain '..'");
        }
    }

    public static void LocalDescending(string? path, FieldErrors errors)
    {
        if (path?.StartsWith('/') == true)
        {
            errors.Invalid(path, "must be a relative path");
        }

        NoBacksteps(path, errors);
    }

    /// <summary>Also keeps away from names starting with two dots, which the volume's writer uses itself.</summary>
    public static void LocalNonReserved(string? path, FieldErrors errors)
    {
        LocalDescending(path, errors);
        if (path?.StartsWith("..", StringComparison.Ordinal) == true && !path.StartsWith("../", StringComparison.Ordinal) && path != "..")
        {
            errors.Invalid(path, "must not start with '..'");
        }
    }
}

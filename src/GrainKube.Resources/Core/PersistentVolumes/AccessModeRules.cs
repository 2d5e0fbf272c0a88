using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Rules for the access modes of claims and volumes.</summary>
internal static class AccessModeRules
{
    private static readonly string[] All = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    /// <param name="modes">May be null.</param>
    /// <param name="absent">What is said where there is none.</param>
    /// <param name="errors">The place of the list.</param>
    public static void Check(IList<string>? modes, string absent, FieldErrors errors)
    {
        if (modes is not { Count: > 0 })
        {
            errors.Required(absent);
            return;
        }

        foreach (var mode in modes)
        {
            errors.OneOf(mode, All);
        }

        if (modes.Contains("ReadWriteOncePod") && modes.Any(m => m != "ReadWriteOncePod" && All.Contains(m)))
        {
            errors.Forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }
}

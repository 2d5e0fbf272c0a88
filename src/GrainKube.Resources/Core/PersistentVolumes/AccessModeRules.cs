using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Core.PersistentVolumes;

/// <summary>Rules for the access modes of claims and volumes.</summary>
internal static class AccessModeRules
{
    private static readonly string[] All = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    public static void Check(IList<string>? modes, FieldErrors errors)
    {
        if (modes is not { Count: > 0 })
        {
            errors.Required("at least 1 access mode is required");
            return;
        }

        foreach (var mode in modes.Where(m => !All.Contains(m)))
        {
            errors.NotSupported(mode, All);
        }

        if (modes.Count > 1 && modes.Contains("ReadWriteOncePod"))
        {
            errors.Forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }
}

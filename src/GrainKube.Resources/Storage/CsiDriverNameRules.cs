using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Storage;

/// <summary>Rules for the name of a driver of volumes, which drivers of devices share.</summary>
internal static class CsiDriverNameRules
{
    private const int MaximumLength = 63;

    public static void Check(string? name, FieldErrors errors)
    {
        errors.MustBeSet(name);
        if (name?.Length > MaximumLength)
        {
            errors.TooLong(MaximumLength);
        }

        errors.Report(name ?? "", NameRules.DnsSubdomain((name ?? "").ToLowerInvariant()));
    }
}

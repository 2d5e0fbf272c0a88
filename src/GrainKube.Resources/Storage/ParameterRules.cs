using System.Text;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Storage;

/// <summary>Rules for what a class tells its driver.</summary>
internal static class ParameterRules
{
    private const int MaximumCount = 512;
    private const int MaximumBytes = 256 * 1024;

    /// <summary>The driver, by a name of which case does not matter.</summary>
    public static void Driver(string? name, FieldErrors errors)
    {
        errors.MustBeSet(name);
        if (!string.IsNullOrEmpty(name))
        {
            // Upstream shows the name in lower case, as it is checked.
            errors.Report(name.ToLowerInvariant(), NameRules.LabelKey(name.ToLowerInvariant()));
        }
    }

    public static void Check(IDictionary<string, string>? parameters, bool mayBeEmpty, FieldErrors errors)
    {
        if (parameters is { Count: > MaximumCount })
        {
            errors.TooLong(MaximumCount);
            return;
        }

        var size = 0L;
        foreach (var (key, value) in parameters ?? new Dictionary<string, string>())
        {
            if (key.Length == 0)
            {
                errors.Invalid(key, "field can not be empty.");
            }

            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value ?? "");
        }

        if (size > MaximumBytes)
        {
            errors.TooLong(MaximumBytes);
        }

        if (!mayBeEmpty && parameters is not { Count: > 0 })
        {
            errors.Required("must contain at least one key/value pair");
        }
    }

    public static void Stay(IDictionary<string, string>? next, IDictionary<string, string>? current, FieldErrors errors)
    {
        var (now, old) = (next ?? new Dictionary<string, string>(), current ?? new Dictionary<string, string>());
        if (now.Count != old.Count || old.Any(o => !now.TryGetValue(o.Key, out var value) || value != o.Value))
        {
            errors.Forbidden("updates to parameters are forbidden.");
        }
    }
}

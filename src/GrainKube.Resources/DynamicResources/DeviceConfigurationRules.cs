using System.Text;
using System.Text.Json;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Storage;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for what is handed to a driver as it is.</summary>
internal static class DeviceConfigurationRules
{
    public const int Maximum = 32;
    private const int MaximumBytes = 10 * 1024;

    public static void Check(V1OpaqueDeviceConfiguration? configuration, bool stored, FieldErrors errors)
    {
        var place = errors.At("opaque");
        if (configuration is null)
        {
            place.Required();
            return;
        }

        CsiDriverNameRules.Check(configuration.Driver, place.At("driver"));
        Json(configuration.Parameters, stored, MaximumBytes, place.At("parameters"));
    }

    /// <summary>An object of any content.</summary>
    public static void Json(object? value, bool stored, int maximum, FieldErrors errors)
    {
        if (value is not JsonElement { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } json)
        {
            errors.Required();
        }
        else if (!stored && Encoding.UTF8.GetByteCount(json.GetRawText()) > maximum)
        {
            errors.TooLong(maximum);
        }
        else if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Invalid("<value omitted>", "must be a valid JSON object");
        }
    }
}

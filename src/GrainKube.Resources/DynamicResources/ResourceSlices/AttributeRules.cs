using System.Text;
using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

/// <summary>Rules for attributes of devices: one value, or a list of them.</summary>
internal static partial class AttributeRules
{
    private const int MaximumBytes = 64;

    public static int CountOf(V1DeviceAttribute attribute) =>
        Math.Max(1, (attribute.Bools?.Count ?? 0) + (attribute.Ints?.Count ?? 0) + (attribute.Strings?.Count ?? 0) + (attribute.Versions?.Count ?? 0));

    public static void Check(V1DeviceAttribute attribute, FieldErrors errors)
    {
        var fields = 0;
        Single(attribute.BoolValue, "bool", null);
        Single(attribute.IntValue, "int", null);
        Single(attribute.StringValue, "string", Text);
        Single(attribute.Version, "version", Version);
        Several(attribute.Bools, "bools", null);
        Several(attribute.Ints, "ints", null);
        Several(attribute.Strings, "strings", Text);
        Several(attribute.Versions, "versions", Version);
        if (fields != 1)
        {
            errors.Invalid(fields == 0 ? "" : attribute, "exactly one value must be specified");
        }

        void Single<T>(T? value, string field, Action<T, FieldErrors>? rule)
        {
            if (value is not null)
            {
                fields++;
                rule?.Invoke(value, errors.At(field));
            }
        }

        void Several<T>(IList<T>? list, string field, Action<T, FieldErrors>? rule)
        {
            if (list is null)
            {
                return;
            }

            fields++;
            var place = errors.At(field);
            if (list.Count == 0)
            {
                place.Invalid(list, "must not be empty if specified");
            }

            place.Each(list, int.MaxValue, rule ?? ((_, _) => { }));
        }
    }

    private static void Text(string value, FieldErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(value) > MaximumBytes)
        {
            errors.TooLong(MaximumBytes);
        }
    }

    private static void Version(string value, FieldErrors errors)
    {
        if (!SemanticVersion().IsMatch(value))
        {
            errors.Invalid(value, "must be a string compatible with semver.org spec 2.0.0");
        }

        Text(value, errors);
    }

    private const string Number = "(?:0|[1-9][0-9]*)";
    private const string Pre = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";

    [GeneratedRegex($@"\A{Number}\.{Number}\.{Number}(?:-{Pre}(?:\.{Pre})*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?\z")]
    private static partial Regex SemanticVersion();
}

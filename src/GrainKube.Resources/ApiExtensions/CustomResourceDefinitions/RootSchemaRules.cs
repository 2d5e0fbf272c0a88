using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>What may stand at the root of a schema whose kind has <c>/status</c>: only what is still checked when the status is validated by itself.</summary>
internal static class RootSchemaRules
{
    /// <summary>By their names in upstream's code, which the message has in this order.</summary>
    private static readonly (string Field, string Name)[] Allowed =
    [
        ("description", "Description"), ("type", "Type"), ("format", "Format"), ("title", "Title"), ("maximum", "Maximum"), ("exclusiveMaximum", "ExclusiveMaximum"), ("minimum", "Minimum"),
        ("exclusiveMinimum", "ExclusiveMinimum"), ("maxLength", "MaxLength"), ("minLength", "MinLength"), ("pattern", "Pattern"), ("maxItems", "MaxItems"), ("minItems", "MinItems"),
        ("uniqueItems", "UniqueItems"), ("multipleOf", "MultipleOf"), ("required", "Required"), ("items", "Items"), ("properties", "Properties"), ("externalDocs", "ExternalDocs"),
        ("example", "Example"), ("x-kubernetes-preserve-unknown-fields", "XPreserveUnknownFields"), ("x-kubernetes-validations", "XValidations"),
    ];

    private static readonly HashSet<string> Names = Allowed.Select(a => a.Field).ToHashSet(StringComparer.Ordinal);
    private static readonly string Complaint =
        $"only [{string.Join(' ', Allowed.Select(a => a.Name))}] fields are allowed at the root of the schema if the status subresource is enabled";

    public static void Check(JsonObject schema, FieldErrors at)
    {
        if (schema.Text("type") is { Length: > 0 } type and not "object")
        {
            at.At("type").Invalid(type, "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled");
        }
        else if (schema.Any(field => !Names.Contains(field.Key) && !IsZero(field.Value)))
        {
            at.Invalid(schema, Complaint);
        }
    }

    private static bool IsZero(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetValue<string>().Length == 0,
        _ => false,
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Patches;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>In what an applied object does not fit its schema: all of it, in the words of upstream's structured merge. Whoever asks knows already that something is wrong.</summary>
internal static class TypedMisfits
{
    /// <returns>Null where it fits.</returns>
    public static string? Of(JsonObject item, Schema schema)
    {
        var misfits = new List<string>();
        Visit(item, schema, "", misfits);
        return misfits.Count switch
        {
            0 => null,
            1 => misfits[0],
            _ => $"errors:\n  {string.Join("\n  ", misfits)}",
        };
    }

    private static void Visit(JsonNode? value, Schema? schema, string path, List<string> misfits)
    {
        if (value is null || schema is null)
        {
            return;
        }

        switch (schema.Type)
        {
            case SchemaType.Object when value is JsonObject fields:
                VisitFields(fields, schema, path, misfits);
                break;
            case SchemaType.Array when value is JsonArray list:
                VisitElements(list, schema, path, misfits);
                break;
            default:
                if (Complaint(value, schema) is { } complaint)
                {
                    misfits.Add($"{path}: {complaint}");
                }

                break;
        }
    }

    private static string? Complaint(JsonNode value, Schema schema) => (schema.Type, value.GetValueKind()) switch
    {
        (SchemaType.Any, _) => null,
        (SchemaType.Object, _) => $"expected map, got &{{{GoText.Of(value)}}}",
        (SchemaType.Array, _) => $"expected list, got &{{{GoText.Of(value)}}}",
        (SchemaType.Boolean, not (JsonValueKind.True or JsonValueKind.False)) => $"expected boolean, got &{{{GoText.Of(value)}}}",
        (SchemaType.Integer or SchemaType.Number, not JsonValueKind.Number) => $"expected numeric (int or float), got {GoText.TypeOf(value)}",
        (SchemaType.IntOrString, JsonValueKind.Object or JsonValueKind.Array) => $"expected any scalar, got &{{{GoText.Of(value)}}}",
        (SchemaType.String, not JsonValueKind.String) => $"expected string, got &value.valueUnstructured{{Value:{GoText.Literal(value)}}}",
        _ => null,
    };

    private static void VisitFields(JsonObject fields, Schema schema, string path, List<string> misfits)
    {
        foreach (var (name, value) in fields)
        {
            var field = ListSteps.Field(schema, name);
            if (field is null && ListSteps.IsStruct(schema) && !schema.PreserveUnknownFields)
            {
                misfits.Add($"{path}.{name}: field not declared in schema");
                continue;
            }

            Visit(value, field, $"{path}.{name}", misfits);
        }
    }

    private static void VisitElements(JsonArray list, Schema schema, string path, List<string> misfits)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var step = $"i:{i}";
            if (schema.ListType is ListType.Map or ListType.Set)
            {
                try
                {
                    step = ListSteps.StepOf(list[i], schema);
                }
                catch (FormatException unnamed)
                {
                    misfits.Add($"{path}: element {i}: {unnamed.Message}");
                    continue;
                }

                if (!seen.Add(step))
                {
                    misfits.Add($"{path}: duplicate entries for key {FieldPaths.Show(step)}");
                }
            }

            Visit(list[i], schema.Items, path + FieldPaths.Show(step), misfits);
        }
    }
}

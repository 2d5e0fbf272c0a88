using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Rules;

/// <summary>The types that a schema gives to the checker.</summary>
public static class SchemaTypes
{
    private static readonly ConditionalWeakTable<Schema, ConcurrentDictionary<bool, CelType>> Known = [];

    private static readonly CelType Metadata = CelType.Object("object.metadata", static field => field is "name" or "generateName" ? CelType.String : null);

    /// <param name="schema">Of the place.</param>
    /// <param name="isResource">The place holds a whole object: apiVersion, kind and metadata (name and generateName) are there.</param>
    public static CelType Of(Schema? schema, bool isResource = false)
    {
        if (schema is null)
        {
            return CelType.Dyn;
        }

        return schema.Type switch
        {
            SchemaType.Boolean => CelType.Bool,
            SchemaType.Integer => CelType.Int,
            SchemaType.Number => CelType.Double,
            SchemaType.String => Text(schema.Format),
            SchemaType.Array => CelType.ListOf(Of(schema.Items)),
            SchemaType.Object when schema.AdditionalProperties is { } values && schema.Properties.Count == 0 => CelType.MapOf(CelType.String, Of(values)),
            SchemaType.Object when schema.Properties.Count == 0 && !isResource && !schema.EmbeddedResource && schema.PreserveUnknownFields => CelType.Dyn,
            SchemaType.Object => Known.GetOrCreateValue(schema).GetOrAdd(isResource || schema.EmbeddedResource, static (resource, of) => Object(of, resource), schema),
            _ => CelType.Dyn,
        };
    }

    private static CelType Text(string? format) => format switch
    {
        "date-time" or "date" => CelType.Timestamp,
        "duration" => CelType.Duration,
        "byte" => CelType.Bytes,
        _ => CelType.String,
    };

    private static CelType Object(Schema schema, bool isResource) => CelType.Object(schema.DefinitionName ?? "object", name =>
    {
        if (isResource && name is "apiVersion" or "kind")
        {
            return CelType.String;
        }

        return schema.Properties.TryGetValue(name, out var field) || schema.Properties.TryGetValue(FieldNames.Unescape(name), out field)
            ? isResource && name == "metadata" && field.Properties.Count == 0 ? Metadata : Of(field)
            : isResource && name == "metadata" ? Metadata : null;
    });
}

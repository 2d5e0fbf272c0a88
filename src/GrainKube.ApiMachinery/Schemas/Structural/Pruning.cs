using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas.Structural;

/// <summary>Takes out of a stored custom resource what its schema does not know any more, and nulls that a default is to replace.</summary>
public static class Pruning
{
    /// <summary>Edits in place.</summary>
    public static void Apply(JsonObject item, Schema schema)
    {
        List<string>? unknown = null;
        foreach (var (name, value) in item)
        {
            if (schema.Properties.TryGetValue(name, out var field))
            {
                if (value is null && field is { Nullable: false, Default: not null })
                {
                    (unknown ??= []).Add(name);
                }

                Below(value, field);
            }
            else if (schema.AdditionalProperties is { } values)
            {
                Below(value, values);
            }
            else if (!schema.PreserveUnknownFields)
            {
                (unknown ??= []).Add(name);
            }
        }

        foreach (var name in unknown ?? [])
        {
            item.Remove(name);
        }
    }

    private static void Below(JsonNode? value, Schema schema)
    {
        if (schema.GoType is not null || schema.Type == SchemaType.Any)
        {
            return; // metadata was checked when it was written
        }

        if (value is JsonObject item && schema.Type == SchemaType.Object)
        {
            Apply(item, schema);
        }
        else if (value is JsonArray list && schema.Items is { } items)
        {
            foreach (var element in list)
            {
                Below(element, items);
            }
        }
    }
}

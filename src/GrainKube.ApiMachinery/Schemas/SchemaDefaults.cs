using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas;

/// <summary>Puts in the constants that a schema gives as defaults, and the nulls that upstream writes.</summary>
public static class SchemaDefaults
{
    /// <summary>
    /// Fills absent fields of <paramref name="item"/> and of every object in it that is present, in place. What is absent and has no default stays absent,
    /// whatever defaults lie below it.
    /// </summary>
    public static void Apply(JsonObject item, Schema schema)
    {
        foreach (var (name, field) in schema.Defaulted)
        {
            if (!item.TryGetPropertyValue(name, out var value) || (value is null && !field.Nullable))
            {
                if (field.Default is null)
                {
                    if (field.NullWhenAbsent)
                    {
                        item[name] = null;
                    }

                    continue;
                }

                item[name] = value = Fresh(field.Default);
            }

            Below(value, field);
        }

        if (schema.AdditionalProperties is { HasDefaults: true } values)
        {
            foreach (var (name, value) in item)
            {
                if (!schema.Properties.ContainsKey(name))
                {
                    Below(value, values);
                }
            }
        }
    }

    private static void Below(JsonNode? value, Schema schema)
    {
        switch (value)
        {
            case JsonObject item:
                Apply(item, schema);
                break;
            case JsonArray list when schema.Items is { HasDefaults: true } elements:
                foreach (var element in list)
                {
                    Below(element, elements);
                }

                break;
        }
    }

    /// <summary>Numbers made by hand cannot be read as any type, see <see cref="JsonNumber"/>.</summary>
    private static JsonNode Fresh(JsonNode value) =>
        value is JsonValue number && number.TryGetValue<int>(out var integer) ? JsonNumber.Of(integer) : value.DeepClone();
}

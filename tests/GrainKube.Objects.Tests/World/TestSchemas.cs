using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Tests.World;

internal static class TestSchemas
{
    public static Schema Strings { get; } = new() { Type = SchemaType.Object, AdditionalProperties = new Schema { Type = SchemaType.String } };

    public static Schema Object(params (string Name, SchemaType Type)[] fields) => new()
    {
        Type = SchemaType.Object, Properties = fields.ToDictionary(f => f.Name, f => new Schema { Type = f.Type, PreserveUnknownFields = f.Type == SchemaType.Any }),
    };

    /// <summary>A root schema with metadata, a free status and what else is given.</summary>
    public static Schema Kind(string goType, params (string Name, Schema Schema)[] fields)
    {
        var properties = new Dictionary<string, Schema>
        {
            ["apiVersion"] = new() { Type = SchemaType.String },
            ["kind"] = new() { Type = SchemaType.String },
            ["metadata"] = new() { Type = SchemaType.Object, PreserveUnknownFields = true },
            ["status"] = new() { Type = SchemaType.Object, PreserveUnknownFields = true },
        };
        foreach (var (name, schema) in fields)
        {
            properties[name] = schema;
        }

        return new Schema { Type = SchemaType.Object, GoType = goType, Properties = properties };
    }
}

using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Resources.Schemas.Docs;
using k8s.Models;

namespace GrainKube.Resources.Schemas;

/// <summary>Schemas of built-in kinds, made from their models and <see cref="FactsTable"/>. Each type is looked at once, when first asked for; kinds share their parts.</summary>
public static class ModelSchemas
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<Type, Schema> Shapes = [];

    /// <inheritdoc cref="For(Type)"/>
    public static Schema For<T>() where T : class => For(typeof(T));

    /// <summary>The schema of a model type, shared by all who ask.</summary>
    /// <exception cref="KeyNotFoundException">The type is no model of a served group.</exception>
    public static Schema For(Type model)
    {
        lock (Gate)
        {
            return Shape(model);
        }
    }

    private static Schema Shape(Type model)
    {
        if (Shapes.TryGetValue(model, out var known))
        {
            return known;
        }

        var facts = FactsTable.For(model);
        var properties = new SortedDictionary<string, Schema>(StringComparer.Ordinal);
        var shape = new Schema
        {
            Type = SchemaType.Object,
            DefinitionName = facts.DefinitionName,
            GoType = facts.GoType,
            Properties = properties,
            Required = [.. facts.Fields.Where(f => f.Value.Required).Select(f => f.Key)],
            AtomicMap = facts.Atomic,
            Describe = () => SchemaDocs.For(model),
        };

        // Known before its fields are: JSONSchemaProps contains itself.
        Shapes.Add(model, shape);
        foreach (var property in model.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is { } json)
            {
                var fact = facts.Fields.GetValueOrDefault(json.Name, FieldFacts.None);
                properties.Add(json.Name, Value(property.PropertyType, fact, () => SchemaDocs.For(model, property.Name)));
            }
        }

        return shape;
    }

    private static Schema Value(Type type, FieldFacts facts, Func<string?>? describe)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            var element = new FieldFacts { Enum = facts.Enum, Micro = facts.Micro, Definition = facts.Definition, AnyObject = facts.AnyObject };
            return With(new Schema { Type = SchemaType.Array, Items = Value(type.GenericTypeArguments[0], element, null) }, facts with { Enum = [] }, describe);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            var entry = new FieldFacts { Definition = facts.Definition, AnyObject = facts.AnyObject };
            return With(new Schema { Type = SchemaType.Object, AdditionalProperties = Value(type.GenericTypeArguments[1], entry, null) }, facts, describe);
        }

        var plain = type == typeof(object) ? Untyped(facts) : Scalar(type, facts) ?? Shape(type);
        return With(plain, facts, describe);
    }

    private static Schema Untyped(FieldFacts facts) => new()
    {
        Type = facts.AnyObject ? SchemaType.Object : SchemaType.Any,
        DefinitionName = facts.Definition,
        PreserveUnknownFields = true,
    };

    private static Schema? Scalar(Type type, FieldFacts facts) => type switch
    {
        _ when type == typeof(string) => new Schema { Type = SchemaType.String },
        _ when type == typeof(bool) => new Schema { Type = SchemaType.Boolean },
        _ when type == typeof(int) => new Schema { Type = SchemaType.Integer, Format = "int32" },
        _ when type == typeof(long) => new Schema { Type = SchemaType.Integer, Format = "int64" },
        _ when type == typeof(double) => new Schema { Type = SchemaType.Number, Format = "double" },
        _ when type == typeof(byte[]) => new Schema { Type = SchemaType.String, Format = "byte" },
        _ when type == typeof(DateTime) && facts.Micro => new Schema { Type = SchemaType.String, Format = "micro-time", DefinitionName = SchemaNames.MicroTime },
        _ when type == typeof(DateTime) => new Schema { Type = SchemaType.String, Format = "date-time", DefinitionName = SchemaNames.Time },
        _ when type == typeof(ResourceQuantity) => new Schema { Type = SchemaType.String, Format = "quantity", DefinitionName = SchemaNames.Quantity },
        _ when type == typeof(IntOrString) => new Schema { Type = SchemaType.IntOrString, DefinitionName = SchemaNames.IntOrString },
        _ => null,
    };

    /// <summary>The schema of a field: what its type is, shared, and what is said of this field alone.</summary>
    private static Schema With(Schema type, FieldFacts facts, Func<string?>? describe) => new()
    {
        DefinitionName = type.DefinitionName,
        GoType = type.GoType,
        Type = type.Type,
        Format = type.Format,
        Properties = type.Properties,
        Items = type.Items,
        AdditionalProperties = type.AdditionalProperties,
        Required = type.Required,
        PreserveUnknownFields = type.PreserveUnknownFields,
        AtomicMap = type.AtomicMap || facts.Atomic,
        Default = facts.Default ?? (facts.AlwaysWritten ? Zero(type.Type) : null),
        Enum = facts.Enum,
        PatchMergeKey = facts.MergeKey,
        PatchStrategy = facts.PatchStrategy,
        ListType = facts.ListType,
        ListMapKeys = facts.MapKeys,
        Describe = describe,
    };

    private static JsonNode? Zero(SchemaType type) => type switch
    {
        SchemaType.Object => new JsonObject(),
        SchemaType.Integer => JsonValue.Create(0),
        SchemaType.Boolean => JsonValue.Create(false),
        _ => null,
    };
}

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

    /// <summary>What users are told of a type by its OpenAPI definition name; null where it is no model.</summary>
    public static string? DescriptionOf(string definitionName) =>
        FactsTable.ModelsByDefinition.TryGetValue(definitionName, out var name) && typeof(k8s.Models.V1Pod).Assembly.GetType($"k8s.Models.{name}") is { } model
            ? SchemaDocs.For(model)
            : null;

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

        // Some models of the package are objects and do not say so.
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            if (facts.Fields.ContainsKey(name))
            {
                properties.TryAdd(name, Scalar(SchemaType.String, null, "string"));
            }
        }

        return shape;
    }

    private static Schema Value(Type type, FieldFacts facts, Func<string?>? describe)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IList<>) || type.GetGenericTypeDefinition() == typeof(List<>)))
        {
            var element = new FieldFacts { Enum = facts.Enum, Micro = facts.Micro, Definition = facts.Definition, AnyObject = facts.AnyObject, GoType = facts.GoType };
            var items = Value(type.GenericTypeArguments[0], element, null);
            return With(new Schema { Type = SchemaType.Array, Items = items, GoType = "[]" + items.GoType }, facts with { Enum = [], GoType = null }, describe);
        }

        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IDictionary<,>) || type.GetGenericTypeDefinition() == typeof(Dictionary<,>)))
        {
            var entry = new FieldFacts { Definition = facts.Definition, AnyObject = facts.AnyObject };
            var values = Value(type.GenericTypeArguments[1], entry, null);
            return With(new Schema { Type = SchemaType.Object, AdditionalProperties = values, GoType = "map[string]" + values.GoType }, facts, describe);
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
        _ when type == typeof(string) => Scalar(SchemaType.String, null, "string"),
        _ when type == typeof(bool) => Scalar(SchemaType.Boolean, null, "bool"),
        _ when type == typeof(int) => Scalar(SchemaType.Integer, "int32", "int32"),
        _ when type == typeof(long) => Scalar(SchemaType.Integer, "int64", "int64"),
        _ when type == typeof(double) => Scalar(SchemaType.Number, "double", "float64"),
        _ when type == typeof(byte[]) => Scalar(SchemaType.String, "byte", "[]uint8"),
        _ when type == typeof(DateTime) && facts.Micro => Scalar(SchemaType.String, "micro-time", "v1.MicroTime", SchemaNames.MicroTime),
        _ when type == typeof(DateTime) => Scalar(SchemaType.String, "date-time", "v1.Time", SchemaNames.Time),
        _ when type == typeof(ResourceQuantity) => Scalar(SchemaType.String, "quantity", "resource.Quantity", SchemaNames.Quantity),
        _ when type == typeof(IntOrString) => Scalar(SchemaType.IntOrString, null, "intstr.IntOrString", SchemaNames.IntOrString),
        _ => null,
    };

    private static Schema Scalar(SchemaType type, string? format, string go, string? definition = null) =>
        new() { Type = type, Format = format, GoType = go, DefinitionName = definition };

    /// <summary>The schema of a field: what its type is, shared, and what is said of this field alone.</summary>
    private static Schema With(Schema type, FieldFacts facts, Func<string?>? describe) => new()
    {
        DefinitionName = type.DefinitionName,
        GoType = facts.GoType ?? type.GoType,
        Type = type.Type,
        Format = type.Format,
        Properties = type.Properties,
        Items = type.Items,
        AdditionalProperties = type.AdditionalProperties,
        Required = type.Required,
        PreserveUnknownFields = type.PreserveUnknownFields,
        AtomicMap = type.AtomicMap || facts.Atomic,
        Default = facts.Default ?? (facts.AlwaysWritten ? Zero(type.Type) : null),
        NullWhenAbsent = facts.NullWhenAbsent,
        LeftOutAtZero = type.Type == SchemaType.String ? type.Format is null or "byte" && !facts.Required && !facts.KeptWhenEmpty : facts.LeftOutAtZero,
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
        SchemaType.String => JsonValue.Create(""),
        _ => null,
    };
}

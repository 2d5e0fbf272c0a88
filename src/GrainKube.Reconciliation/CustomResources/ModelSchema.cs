using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;

namespace GrainKube.Reconciliation.CustomResources;

/// <summary>The structural schema (OpenAPI v3) of a model: what its properties and their attributes say. Pure.</summary>
internal static class ModelSchema
{
    /// <exception cref="NotSupportedException">A property's type has no schema, for example a dictionary whose keys are no text.</exception>
    public static JsonObject Of(Type type) => Of(type, []);

    /// <summary>How a property is called in JSON.</summary>
    public static string NameOf(PropertyInfo property) => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The properties that are members in JSON.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.GetIndexParameters().Length == 0 && p.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always });

    private static JsonObject Of(Type type, Stack<Type> above)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Scalar(type) ?? (
            typeof(JsonNode).IsAssignableFrom(type) || type == typeof(JsonElement) || type == typeof(object) || above.Contains(type) ? Anything()
            : TypeArgument(type, typeof(IDictionary<,>), 1) is { } value ? Map(type, Of(value, above))
            : typeof(IEnumerable).IsAssignableFrom(type) ? new JsonObject { ["type"] = "array", ["items"] = Of(TypeArgument(type, typeof(IEnumerable<>), 0) ?? throw Unsupported(type), above) }
            : Members(type, above));
    }

    private static JsonObject? Scalar(Type type) =>
        type == typeof(string) || type == typeof(Uri) || type == typeof(Guid) ? new JsonObject { ["type"] = "string" }
        : type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
        : type == typeof(int) || type == typeof(short) || type == typeof(byte) ? new JsonObject { ["type"] = "integer", ["format"] = "int32" }
        : type == typeof(long) || type == typeof(uint) ? new JsonObject { ["type"] = "integer", ["format"] = "int64" }
        : type == typeof(double) || type == typeof(float) || type == typeof(decimal) ? new JsonObject { ["type"] = "number" }
        : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
        : type == typeof(byte[]) ? new JsonObject { ["type"] = "string", ["format"] = "byte" }
        : type == typeof(IntOrString) || type == typeof(ResourceQuantity) ? new JsonObject { ["x-kubernetes-int-or-string"] = true }
        : type.IsEnum ? new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => (JsonNode)n)]) }
        : null;

    // Also where a model holds itself: a structural schema cannot.
    private static JsonObject Anything() => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };

    private static JsonObject Map(Type type, JsonObject values) =>
        TypeArgument(type, typeof(IDictionary<,>), 0) == typeof(string) ? new JsonObject { ["type"] = "object", ["additionalProperties"] = values } : throw Unsupported(type);

    private static JsonObject Members(Type type, Stack<Type> above)
    {
        above.Push(type);
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in PropertiesOf(type))
        {
            var schema = Of(property.PropertyType, above);
            Annotate(schema, property);
            properties[NameOf(property)] = schema;
            if (property.IsDefined(typeof(RequiredMemberAttribute)) || property.IsDefined(typeof(RequiredAttribute)))
            {
                required.Add(NameOf(property));
            }
        }

        above.Pop();
        var made = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            made["required"] = required;
        }

        Describe(made, type);
        return made;
    }

    private static void Annotate(JsonObject schema, PropertyInfo property)
    {
        Describe(schema, property);
        foreach (var attribute in property.GetCustomAttributes())
        {
            switch (attribute)
            {
                case DefaultValueAttribute value:
                    schema["default"] = Json(value.Value);
                    break;
                case RangeAttribute range:
                    schema["minimum"] = Json(range.Minimum);
                    schema["maximum"] = Json(range.Maximum);
                    break;
                case RegularExpressionAttribute pattern:
                    schema["pattern"] = pattern.Pattern;
                    break;
                case AllowedValuesAttribute allowed:
                    schema["enum"] = new JsonArray([.. allowed.Values.Select(Json)]);
                    break;
                case MinLengthAttribute least:
                    schema["min" + Counted(schema)] = least.Length;
                    break;
                case MaxLengthAttribute most:
                    schema["max" + Counted(schema)] = most.Length;
                    break;
                case LengthAttribute length:
                    schema["min" + Counted(schema)] = length.MinimumLength;
                    schema["max" + Counted(schema)] = length.MaximumLength;
                    break;
            }
        }
    }

    private static void Describe(JsonObject schema, MemberInfo member)
    {
        if (member.GetCustomAttribute<DescriptionAttribute>() is { } text)
        {
            schema["description"] = text.Description;
        }

        foreach (var rule in member.GetCustomAttributes<RuleAttribute>())
        {
            if (schema["x-kubernetes-validations"] is not JsonArray rules)
            {
                schema["x-kubernetes-validations"] = rules = [];
            }

            rules.Add(new JsonObject { ["rule"] = rule.Expression, ["message"] = rule.Message });
        }
    }

    private static string Counted(JsonObject schema) => (string?)schema["type"] switch { "array" => "Items", "object" => "Properties", _ => "Length" };

    private static JsonNode? Json(object? value) => value is Enum name ? name.ToString() : JsonSerializer.SerializeToNode(value);

    private static Type? TypeArgument(Type type, Type generic, int index) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == generic)?.GenericTypeArguments[index];

    private static NotSupportedException Unsupported(Type type) => new($"{type} has no schema: a map's keys must be text, a list's elements must have a type");
}

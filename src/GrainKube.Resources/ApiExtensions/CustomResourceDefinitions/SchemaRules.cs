using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>A structural schema: what each place may hold is said once, outside of alternatives. Source: upstream's <c>pkg/apiserver/schema</c>.</summary>
internal static class SchemaRules
{
    private const string IntOrString = "x-kubernetes-int-or-string";
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";
    private const string Embedded = "x-kubernetes-embedded-resource";
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];
    private static readonly (string Name, string Why)[] Unsupported =
    [
        ("id", "id is not supported"),
        ("additionalItems", "additionalItems is not supported"),
        ("patternProperties", "patternProperties is not supported"),
        ("definitions", "definitions is not supported"),
        ("dependencies", "dependencies is not supported"),
        ("$ref", "$ref is not supported"),
    ];

    /// <summary>Fields that say what a place holds and so may not stand in <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and <c>not</c>.</summary>
    private static readonly (string Name, string Why)[] NotInJunctors =
    [
        ("type", "must be empty to be structural"),
        ("additionalProperties", "must be undefined to be structural"),
        ("default", "must be undefined to be structural"),
        ("title", "must be empty to be structural"),
        ("description", "must be empty to be structural"),
        ("nullable", "must be false to be structural"),
        (Preserve, "must be false to be structural"),
        (Embedded, "must be false to be structural"),
        (IntOrString, "must be false to be structural"),
        ("x-kubernetes-list-map-keys", "must be empty to be structural"),
        ("x-kubernetes-list-type", "must be undefined to be structural"),
        ("x-kubernetes-map-type", "must be undefined to be structural"),
    ];

    private static readonly string[] DialectBelow = ["items", "additionalProperties", "not"];
    private static readonly string[] Alternatives = ["allOf", "anyOf", "oneOf"];

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <param name="schema">Of a version.</param>
    /// <param name="wasLetIn">It stood there before, word for word: its values are not judged again.</param>
    /// <param name="at">Its place.</param>
    public static void Check(JsonObject schema, bool wasLetIn, FieldErrors at)
    {
        if (schema.Flag("nullable"))
        {
            at.At("nullable").Forbidden("nullable cannot be true at the root");
        }

        var before = at.All.Count;
        Node(schema, Level.Root, at);
        if (at.All.Count == before && !wasLetIn)
        {
            DefaultRules.Check(schema, at);
        }

        if (at.All.Count == before && !wasLetIn && HasDialect(schema))
        {
            at.Invalid("", "OpenAPIV3Schema 'schema' is not supported");
        }
    }

    /// <summary>Whether <c>$schema</c> stands in any part. Upstream finds that last, in the whole.</summary>
    private static bool HasDialect(JsonObject schema) =>
        schema.Text("$schema").Length > 0
        || (schema.Object("properties") ?? []).Any(p => p.Value is JsonObject child && HasDialect(child))
        || DialectBelow.Any(name => schema.Object(name) is { } child && HasDialect(child))
        || Alternatives.Any(name => schema.Objects(name).Any(HasDialect));

    private static void Node(JsonObject schema, Level level, FieldErrors at)
    {
        Type(schema, level, at);
        Common(schema, at);
        Lists(schema, at);
        var extended = schema.Flag(Embedded);
        var properties = schema.Object("properties") ?? [];
        if (schema["additionalProperties"] is { } values)
        {
            if (level == Level.Root)
            {
                at.At("additionalProperties").Forbidden("must not be used at the root");
            }
            else if (extended)
            {
                at.At("additionalProperties").Forbidden("must not be used if x-kubernetes-embedded-resource is set");
            }

            if (properties.Count > 0 && !schema.Flag("additionalProperties"))
            {
                at.At("additionalProperties").Forbidden("additionalProperties and properties are mutual exclusive");
            }

            if (values is JsonObject map)
            {
                Node(map, Level.Field, at.At("additionalProperties"));
            }
        }

        foreach (var (name, child) in properties)
        {
            var place = at.At("properties").Key(name);
            if (name == "metadata" && (level == Level.Root || extended))
            {
                Metadata((JsonObject)child!, level == Level.Root, place);
            }
            else
            {
                Node((JsonObject)child!, Level.Field, place);
                if (name is "apiVersion" or "kind" && (level == Level.Root || extended))
                {
                    TypeMeta((JsonObject)child!, name, level == Level.Root, place);
                }
            }
        }

        if (schema.Object("items") is { } items)
        {
            Node(items, Level.Item, at.At("items"));
        }

        Junctors(schema, at);
        if (extended && !schema.Flag(Preserve) && properties.Count == 0)
        {
            at.At("properties").Required("must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
        }
    }

    private static void Type(JsonObject schema, Level level, FieldErrors at)
    {
        var type = schema.Text("type");
        if (type.Length > 0 && !Types.Contains(type))
        {
            at.At("type").NotSupported(type, Types);
        }

        if (type == "null")
        {
            at.At("type").Forbidden("type cannot be set to null, use nullable as an alternative");
        }

        if (schema.Flag(Embedded) && type != "object")
        {
            if (type.Length == 0)
            {
                at.At("type").Required("must be object if x-kubernetes-embedded-resource is true");
            }
            else
            {
                at.At("type").Invalid(type, "must be object if x-kubernetes-embedded-resource is true");
            }
        }
        else if (type.Length == 0 && !schema.Flag(IntOrString) && !schema.Flag(Preserve))
        {
            at.At("type").Required(level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        }

        if (level == Level.Root && type.Length > 0 && type != "object")
        {
            at.At("type").Invalid(type, "must be object at the root");
        }

        if (type == "array" && schema["items"] is null)
        {
            at.At("items").Required("must be specified");
        }
    }

    private static void Common(JsonObject schema, FieldErrors at)
    {
        foreach (var (name, why) in Unsupported)
        {
            if (schema[name] is not null)
            {
                at.At(name).Forbidden(why);
            }
        }

        if (schema["items"] is JsonArray)
        {
            at.At("items").Forbidden("items must be a schema object and not an array");
        }

        if (schema.Flag("uniqueItems"))
        {
            at.At("uniqueItems").Forbidden("uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }

        if (schema["additionalProperties"] is JsonValue no && no.TryGetValue<bool>(out var allowed) && !allowed)
        {
            at.At("additionalProperties").Forbidden("additionalProperties cannot be set to false");
        }

        if (schema[Preserve] is JsonValue && !schema.Flag(Preserve))
        {
            at.At(Preserve).Invalid(false, "must be true or undefined");
        }

        if (schema.Flag(IntOrString) && schema.Flag(Preserve))
        {
            at.At(Preserve).Invalid(true, "must be false if x-kubernetes-int-or-string is true");
        }

        if (schema.Flag(IntOrString) && schema.Flag(Embedded))
        {
            at.At(Embedded).Invalid(true, "must be false if x-kubernetes-int-or-string is true");
        }

        Pattern(schema, at);
    }

    private static void Pattern(JsonObject schema, FieldErrors at)
    {
        if (schema.Text("pattern") is not { Length: > 0 } pattern)
        {
            return;
        }

        try
        {
            GoPattern.Compile(pattern, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException wrong)
        {
            at.At("pattern").Invalid(pattern, $"must be a valid regular expression, but isn't: error parsing regexp: {wrong.Message}");
        }
    }

    private static void Lists(JsonObject schema, FieldErrors at)
    {
        var (type, listType, mapType) = (schema.Text("type"), schema.Text("x-kubernetes-list-type"), schema.Text("x-kubernetes-map-type"));
        var keys = (schema["x-kubernetes-list-map-keys"] as JsonArray)?.Select(k => (string)k!).ToList() ?? [];
        if (mapType.Length > 0)
        {
            Must(type, "object", "must be object if x-kubernetes-map-type is specified", at.At("type"));
            CustomResourceDefinitionRules.Choice(mapType, ["atomic", "granular"], at.At("x-kubernetes-map-type"));
        }

        if (listType.Length > 0)
        {
            Must(type, "array", "must be array if x-kubernetes-list-type is specified", at.At("type"));
            CustomResourceDefinitionRules.Choice(listType, ["atomic", "set", "map"], at.At("x-kubernetes-list-type"));
        }

        if (type == "array" && schema.Object("items") is { } elements)
        {
            Elements(elements, listType, at.At("items"));
        }

        if (keys.Count > 0)
        {
            Must(listType, "map", "must be map if x-kubernetes-list-map-keys is non-empty", at.At("x-kubernetes-list-type"));
        }

        if (listType != "map")
        {
            return;
        }

        if (keys.Count == 0)
        {
            at.At("x-kubernetes-list-map-keys").Required("must not be empty if x-kubernetes-list-type is map");
        }

        if (schema.Object("items") is not { } items)
        {
            at.At("items").Required("must have a schema if x-kubernetes-list-type is map");
            return;
        }

        Must(items.Text("type"), "object", "must be object if parent array's x-kubernetes-list-type is map", at.At("items").At("type"));
        Keys(schema, items, keys, at);
    }

    /// <summary>What is told apart by its value or by a part of it must be there, and must be one value.</summary>
    private static void Elements(JsonObject items, string listType, FieldErrors at)
    {
        const string complaint = "must be atomic as item of a list with x-kubernetes-list-type=set";
        var itself = items.Text("x-kubernetes-list-type");
        if (listType == "set" && items.Text("type") == "array" && itself is not ("" or "atomic"))
        {
            at.At("x-kubernetes-list-type").Invalid(itself, complaint);
        }

        if (listType == "set" && items.Text("type") == "object" && items.Text("x-kubernetes-map-type") != "atomic")
        {
            // Upstream shows the list type here, too.
            at.At("x-kubernetes-map-type").Invalid(itself.Length == 0 ? "null" : itself, complaint);
        }

        if (listType is "set" or "map" && items.Flag("nullable"))
        {
            at.At("nullable").Forbidden($"cannot be nullable when x-kubernetes-list-type is {listType}");
        }
    }

    private static void Keys(JsonObject schema, JsonObject items, List<string> keys, FieldErrors at)
    {
        var required = (items["required"] as JsonArray ?? []).Select(r => (string?)r).ToHashSet();
        foreach (var key in keys)
        {
            if (items.Object("properties").Object(key) is not { } property)
            {
                at.At("x-kubernetes-list-map-keys").Invalid(schema["x-kubernetes-list-map-keys"], "entries must all be names of item properties");
                continue;
            }

            var place = at.At("items").At("properties").Key(key);
            if (property.Text("type") is "array" or "object")
            {
                place.At("type").Invalid(property.Text("type"), "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }

            if (!required.Contains(key) && property["default"] is null)
            {
                place.At("default").Required("this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            }

            if (property.Flag("nullable"))
            {
                place.At("nullable").Forbidden("this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
            }
        }

        if (keys.Distinct(StringComparer.Ordinal).Count() < keys.Count)
        {
            at.At("x-kubernetes-list-map-keys").Invalid(schema["x-kubernetes-list-map-keys"], "must not contain duplicate entries");
        }
    }

    private static void Must(string actual, string wanted, string complaint, FieldErrors at)
    {
        if (actual.Length == 0)
        {
            at.Required(complaint);
        }
        else if (actual != wanted)
        {
            at.Invalid(actual, complaint);
        }
    }

    private static void TypeMeta(JsonObject schema, string name, bool root, FieldErrors at)
    {
        if (schema.Text("type") != "string")
        {
            at.At("type").Invalid(schema.Text("type"), "must be string");
        }

        if (root)
        {
            DefaultRules.Forbid(schema, $"in top-level {name}", at);
        }
    }

    /// <summary>Authors may restrict names, nothing else: metadata is the same everywhere.</summary>
    private static void Metadata(JsonObject schema, bool root, FieldErrors at)
    {
        if (schema.Text("type") != "object")
        {
            at.At("type").Invalid(schema.Text("type"), "must be object");
        }

        if (root)
        {
            DefaultRules.Forbid(schema, "in top-level metadata", at);
        }

        if (schema.Flag(Embedded))
        {
            at.At(Embedded).Forbidden("must not be used inside of resource meta");
        }

        var names = schema.Object("properties") ?? [];
        if (root && (schema.Any(p => p.Key is not ("type" or "properties" or "description")) || names.Any(p => p.Key is not ("name" or "generateName"))))
        {
            at.Forbidden("must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    private static void Junctors(JsonObject schema, FieldErrors at)
    {
        foreach (var junctor in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"])
        {
            var parts = schema.Objects(junctor).ToList();
            if (junctor == "anyOf" && IsIntOrString(schema))
            {
                continue;
            }

            for (var i = 0; i < parts.Count; i++)
            {
                if (!(junctor == "allOf" && i == 0 && IsIntOrString(parts[i])))
                {
                    Nested(parts[i], at.At(junctor).At(i));
                }
            }
        }

        if (schema.Object("not") is { } not)
        {
            Nested(not, at.At("not"));
        }
    }

    /// <summary>The one use of types below <c>anyOf</c> that is allowed.</summary>
    private static bool IsIntOrString(JsonObject schema) =>
        schema.Objects("anyOf").ToList() is [var first, var second] && first.Count == 1 && second.Count == 1 && first.Text("type") == "integer" && second.Text("type") == "string";

    private static void Nested(JsonObject schema, FieldErrors at)
    {
        foreach (var (name, why) in NotInJunctors)
        {
            if (schema[name] is { } value && !(value is JsonValue flag && flag.TryGetValue<bool>(out var yes) && !yes))
            {
                at.At(name).Forbidden(why);
            }
        }

        Pattern(schema, at);
        foreach (var (name, child) in schema.Object("properties") ?? [])
        {
            if (name == "metadata")
            {
                at.At("properties").Key(name).Forbidden("must not be specified in a nested context");
            }

            Nested((JsonObject)child!, at.At("properties").Key(name));
        }

        if (schema.Object("items") is { } items)
        {
            Nested(items, at.At("items"));
        }

        Junctors(schema, at);
    }
}

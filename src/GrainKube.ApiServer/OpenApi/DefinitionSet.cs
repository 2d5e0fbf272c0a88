using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Resources.Schemas;
using GrainKube.Resources.Schemas.Docs;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>Collects the definitions that a document needs: whoever refers to a type brings it in, with all that it contains.</summary>
internal sealed class DefinitionSet(Dialect dialect)
{
    private readonly Dictionary<string, JsonObject> definitions = new(StringComparer.Ordinal);
    private readonly string prefix = dialect == Dialect.V2 ? "#/definitions/" : "#/components/schemas/";

    /// <summary>All definitions by name. Call it last, once.</summary>
    public JsonObject ToJson() => new(definitions.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));

    /// <summary>A bare reference to a definition.</summary>
    public JsonObject Ref(string name) => new() { ["$ref"] = prefix + name };

    /// <summary>Brings in a definition that is no model's.</summary>
    public JsonObject Ref(string name, JsonObject definition)
    {
        definitions[name] = definition;
        return Ref(name);
    }

    /// <summary>Brings in a type of the models.</summary>
    public JsonObject Ref(Type model)
    {
        var schema = ModelSchemas.For(model);
        Define(schema.DefinitionName!, schema);
        return Ref(schema.DefinitionName!);
    }

    /// <summary>Brings in an object's kind, or marks the one that is there, under its group, version and kind.</summary>
    public JsonObject Kind(string name, Schema schema, string group, string version, string kind)
    {
        Define(name, schema);
        Mark(name, group, version, kind);
        return Ref(name);
    }

    /// <summary>Brings in a custom resource in one of its versions.</summary>
    public JsonObject CustomKind(string name, JsonObject? source, string group, string version, string kind)
    {
        definitions[name] = new CustomSchemas(dialect, () => Ref(typeof(k8s.Models.V1ObjectMeta))).Publish(source);
        Mark(name, group, version, kind);
        return Ref(name);
    }

    /// <summary>Brings in the list of a kind.</summary>
    public JsonObject List(ServedKind kind, JsonObject item)
    {
        var (name, listKind) = (kind.ListName, kind.Definition.Names.ListKind);
        if (!definitions.ContainsKey(name))
        {
            var (text, items) = kind.Definition.Model is { } model ? SchemaDocs.ForList(model) : default;
            var properties = new JsonObject
            {
                ["apiVersion"] = Text("APIVersion defines the versioned schema of this representation of an object."),
                ["items"] = new JsonObject { ["description"] = items ?? $"List of {kind.Definition.Names.Plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md", ["type"] = "array", ["items"] = item },
                ["kind"] = Text("Kind is a string value representing the REST resource this object represents."),
                ["metadata"] = Property(ListMeta()),
            };
            definitions[name] = new JsonObject
            {
                ["description"] = text ?? $"{listKind} is a list of {kind.Kind}", ["type"] = "object", ["required"] = new JsonArray("items"), ["properties"] = properties,
            };
        }

        Mark(name, kind.Group, kind.Version.Version, listKind);
        return Ref(name);
    }

    /// <summary>The body of a patch: anything.</summary>
    public JsonObject Patch()
    {
        const string name = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";
        definitions.TryAdd(name, new JsonObject
        {
            ["description"] = "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.", ["type"] = "object",
        });
        return Ref(name);
    }

    private Schema ListMeta() => ModelSchemas.For(typeof(k8s.Models.V1ListMeta));

    private void Mark(string name, string group, string version, string kind)
    {
        var definition = definitions[name];
        if (definition["x-kubernetes-group-version-kind"] is not JsonArray kinds)
        {
            definition["x-kubernetes-group-version-kind"] = kinds = [];
        }

        if (!kinds.Any(k => (string?)k!["group"] == group && (string?)k["version"] == version && (string?)k["kind"] == kind))
        {
            kinds.Add((JsonNode)new JsonObject { ["group"] = group, ["kind"] = kind, ["version"] = version });
        }
    }

    private void Define(string name, Schema schema)
    {
        if (definitions.ContainsKey(name))
        {
            return;
        }

        // Known before it is filled: JSONSchemaProps contains itself.
        var made = definitions[name] = [];
        Describe(made, schema.DefinitionName is null ? schema.Description : ModelSchemas.DescriptionOf(name));
        if (!IsSpecial(made, schema))
        {
            Body(made, schema);
        }
    }

    /// <summary>A field: a reference to its type where that has a name, with what is said of this field alone.</summary>
    private JsonObject Property(Schema schema)
    {
        var made = new JsonObject();
        Describe(made, schema.Description);
        if (schema.DefinitionName is not { } name)
        {
            if (!IsSpecial(made, schema))
            {
                Body(made, schema);
            }
        }
        else
        {
            Define(name, schema);
            if (dialect == Dialect.V3 && (made.Count > 0 || schema.Default is not null))
            {
                made["allOf"] = new JsonArray(Ref(name));
            }
            else
            {
                made["$ref"] = prefix + name;
            }
        }

        Merging(made, schema);
        return made;
    }

    private void Body(JsonObject made, Schema schema)
    {
        if (TypeName(schema.Type) is { } type)
        {
            made["type"] = type;
        }

        if (schema.Format is { } format && schema.Format is not "quantity")
        {
            made["format"] = format == "micro-time" ? "date-time" : format;
        }

        if (schema.Required.Count > 0)
        {
            made["required"] = new JsonArray([.. schema.Required.Order(StringComparer.Ordinal).Select(r => JsonValue.Create(r))]);
        }

        if (schema.Enum.Count > 0)
        {
            made["enum"] = new JsonArray([.. schema.Enum.Select(e => JsonValue.Create(e))]);
        }

        if (schema.Items is { } items)
        {
            made["items"] = Property(items);
        }

        if (schema.AdditionalProperties is { } values)
        {
            made["additionalProperties"] = Property(values);
        }

        if (schema.Properties.Count > 0)
        {
            var properties = new JsonObject();
            foreach (var (name, property) in schema.Properties)
            {
                properties[name] = Property(property);
            }

            made["properties"] = properties;
        }

        if (schema.DefinitionName is null && schema.PreserveUnknownFields && schema.Type == SchemaType.Object)
        {
            made["x-kubernetes-preserve-unknown-fields"] = true;
        }
    }

    /// <summary>The two scalars that are more than one JSON type.</summary>
    private bool IsSpecial(JsonObject made, Schema schema)
    {
        if (schema.Type == SchemaType.IntOrString)
        {
            made["format"] = "int-or-string";
            Either(made, "integer");
            return true;
        }

        if (schema.Format == "quantity")
        {
            Either(made, "number");
            return true;
        }

        return false;
    }

    private void Either(JsonObject made, string number)
    {
        if (dialect == Dialect.V2)
        {
            made["type"] = "string";
        }
        else
        {
            made["oneOf"] = number == "integer" ? new JsonArray(Type("integer"), Type("string")) : new JsonArray(Type("string"), Type("number"));
        }
    }

    private void Merging(JsonObject made, Schema schema)
    {
        if (dialect == Dialect.V3 && schema.Default is { } fallback)
        {
            made["default"] = fallback.DeepClone();
        }

        if (schema.ListType != ListType.Unspecified)
        {
            made["x-kubernetes-list-type"] = schema.ListType.ToString().ToLowerInvariant();
        }

        if (schema.ListMapKeys.Count > 0)
        {
            made["x-kubernetes-list-map-keys"] = new JsonArray([.. schema.ListMapKeys.Select(k => JsonValue.Create(k))]);
        }

        if (schema.AtomicMap)
        {
            made["x-kubernetes-map-type"] = "atomic";
        }

        if (schema.PatchMergeKey is { } key)
        {
            made["x-kubernetes-patch-merge-key"] = key;
        }

        if (schema.PatchStrategy is { } strategy)
        {
            made["x-kubernetes-patch-strategy"] = strategy;
        }
    }

    private static void Describe(JsonObject made, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            made["description"] = text;
        }
    }

    private static string? TypeName(SchemaType type) => type is SchemaType.Any or SchemaType.IntOrString ? null : type.ToString().ToLowerInvariant();

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}

using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>
/// The schema of a custom resource as it is published: its author's, with what every object has. Version 2 of the dialect leaves out what kubectl cannot read there (upstream:
/// <c>pkg/controller/openapi</c>).
/// </summary>
internal sealed class CustomSchemas(Dialect dialect, Func<JsonObject> metadata)
{
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";
    private const string Embedded = "x-kubernetes-embedded-resource";
    private const string Conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

    /// <param name="source">The <c>openAPIV3Schema</c>; null for none.</param>
    public JsonObject Publish(JsonObject? source)
    {
        if (source is null || (dialect == Dialect.V2 && Flag(source, Preserve)))
        {
            // kubectl would take properties for all that there are.
            return new JsonObject { ["type"] = "object" };
        }

        var made = (JsonObject)source.DeepClone();
        Visit(made);
        AddTypeMeta(
            made,
            $"APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: {Conventions}#resources",
            $"Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: {Conventions}#types-kinds");
        return made;
    }

    private void Visit(JsonObject schema)
    {
        if (dialect == Dialect.V2)
        {
            Simplify(schema);
        }

        foreach (var (_, child) in (schema["properties"] as JsonObject ?? []).ToList())
        {
            Visit((JsonObject)child!);
        }

        foreach (var name in (ReadOnlySpan<string>)["items", "additionalProperties"])
        {
            if (schema[name] is JsonObject child)
            {
                Visit(child);
            }
        }

        if (Flag(schema, Embedded) && !(dialect == Dialect.V2 && Flag(schema, Preserve)))
        {
            AddTypeMeta(
                schema,
                $"apiVersion defines the versioned schema of this representation of an object. More info: {Conventions}#resources",
                $"kind is a string value representing the type of this object. In CamelCase. More info: {Conventions}#types-kinds");
            var required = schema["required"] as JsonArray ?? [];
            foreach (var name in (ReadOnlySpan<string>)["kind", "apiVersion"])
            {
                if (!required.Any(r => (string?)r == name))
                {
                    required.Add((JsonNode)name);
                }
            }

            schema["required"] = required.DeepClone();
        }
    }

    private static void Simplify(JsonObject schema)
    {
        foreach (var name in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf", "not"])
        {
            schema.Remove(name);
        }

        var untyped = Flag(schema, "nullable");
        if (untyped)
        {
            schema.Remove("type");
        }

        schema.Remove("nullable");
        if (untyped || Flag(schema, Preserve))
        {
            schema.Remove("items");
            schema.Remove("properties");
        }

        var type = (string?)schema["type"];
        if ((type == "array" && schema["items"] is null) || (type == "object" && Flag(schema, Preserve)))
        {
            schema.Remove("type");
        }

        if (schema["required"] is JsonArray required && schema["properties"] is JsonObject properties)
        {
            var kept = required.Where(r => !(properties[(string)r!] is JsonObject field && Flag(field, "nullable"))).Select(r => r!.DeepClone()).ToArray();
            schema.Remove("required");
            if (kept.Length > 0)
            {
                schema["required"] = new JsonArray(kept);
            }
        }
        else if (schema["additionalProperties"] is JsonObject values && Flag(values, "nullable"))
        {
            schema.Remove("required");
        }
    }

    private void AddTypeMeta(JsonObject schema, string apiVersion, string kind)
    {
        if (schema["properties"] is not JsonObject properties)
        {
            schema["properties"] = properties = [];
        }

        properties["apiVersion"] = new JsonObject { ["description"] = apiVersion, ["type"] = "string" };
        properties["kind"] = new JsonObject { ["description"] = kind, ["type"] = "string" };
        var reference = metadata();
        var described = new JsonObject { ["description"] = $"Standard object's metadata. More info: {Conventions}#metadata" };
        if (dialect == Dialect.V3)
        {
            described["allOf"] = new JsonArray(reference);
        }
        else
        {
            described["$ref"] = reference["$ref"]!.DeepClone();
        }

        properties["metadata"] = described;
    }

    private static bool Flag(JsonObject schema, string name) => schema[name] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;
}

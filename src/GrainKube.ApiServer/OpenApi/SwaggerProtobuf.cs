using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>
/// Encodes a Swagger 2.0 document as the protobuf message <c>openapi.v2.Document</c> (gnostic's <c>OpenAPIv2.proto</c>). Older clients read nothing else.
/// Covers what <see cref="OpenApiDocuments"/> writes.
/// </summary>
internal static class SwaggerProtobuf
{
    public static byte[] Encode(JsonObject document)
    {
        var paths = new ProtoWriter();
        foreach (var (path, item) in Members(document["paths"]))
        {
            paths.Message(2, Named(path, PathItem((JsonObject)item)));
        }

        var definitions = new ProtoWriter();
        foreach (var (name, schema) in Members(document["definitions"]))
        {
            definitions.Message(1, Named(name, Schema((JsonObject)schema)));
        }

        var made = new ProtoWriter()
            .String(1, (string?)document["swagger"])
            .Message(2, new ProtoWriter().String(1, (string?)document["info"]!["title"]).String(2, (string?)document["info"]!["version"]))
            .Message(8, paths)
            .Message(9, definitions);
        foreach (var requirement in document["security"] as JsonArray ?? [])
        {
            foreach (var (name, _) in Members(requirement))
            {
                made.Message(12, new ProtoWriter().Message(1, Named(name, new ProtoWriter())));
            }
        }

        var security = new ProtoWriter();
        foreach (var (name, scheme) in Members(document["securityDefinitions"]))
        {
            var key = new ProtoWriter()
                .String(1, (string?)scheme["type"]).String(2, (string?)scheme["name"]).String(3, (string?)scheme["in"]).String(4, (string?)scheme["description"]);
            security.Message(1, Named(name, new ProtoWriter().Message(2, key)));
        }

        return made.Message(13, security).Written.ToArray();
    }

    private static ProtoWriter PathItem(JsonObject item)
    {
        var made = new ProtoWriter()
            .Message(2, Operation(item["get"]))
            .Message(3, Operation(item["put"]))
            .Message(4, Operation(item["post"]))
            .Message(5, Operation(item["delete"]))
            .Message(8, Operation(item["patch"]));
        Parameters(made, 9, item["parameters"]);
        return made;
    }

    private static ProtoWriter? Operation(JsonNode? node)
    {
        if (node is not JsonObject operation)
        {
            return null;
        }

        var made = new ProtoWriter();
        Strings(made, 1, operation["tags"]);
        made.String(3, (string?)operation["description"]).String(5, (string?)operation["operationId"]);
        Strings(made, 6, operation["produces"]);
        Strings(made, 7, operation["consumes"]);
        Parameters(made, 8, operation["parameters"]);
        var responses = new ProtoWriter();
        foreach (var (code, response) in Members(operation["responses"]))
        {
            var value = new ProtoWriter().String(1, (string?)response["description"]);
            if (response["schema"] is JsonObject schema)
            {
                value.Message(2, new ProtoWriter().Message(1, Schema(schema)));
            }

            responses.Message(1, Named(code, new ProtoWriter().Message(1, value)));
        }

        made.Message(9, responses);
        Strings(made, 10, operation["schemes"]);
        Extensions(made, 13, operation);
        return made;
    }

    private static void Parameters(ProtoWriter made, int field, JsonNode? parameters)
    {
        foreach (var node in parameters as JsonArray ?? [])
        {
            var parameter = (JsonObject)node!;
            made.Message(field, new ProtoWriter().Message(1, (string?)parameter["in"] switch
            {
                "body" => new ProtoWriter().Message(1, new ProtoWriter()
                    .String(2, (string?)parameter["name"]).String(3, "body").Bool(4, Flag(parameter["required"])).Message(5, Schema((JsonObject)parameter["schema"]!))),
                "path" => new ProtoWriter().Message(2, new ProtoWriter().Message(4, Simple(parameter, typeField: 5, uniqueField: 18))),
                _ => new ProtoWriter().Message(2, new ProtoWriter().Message(3, Simple(parameter, typeField: 6, uniqueField: 20))),
            }));
        }
    }

    private static ProtoWriter Simple(JsonObject parameter, int typeField, int uniqueField) => new ProtoWriter()
        .Bool(1, Flag(parameter["required"]))
        .String(2, (string?)parameter["in"])
        .String(3, (string?)parameter["description"])
        .String(4, (string?)parameter["name"])
        .String(typeField, (string?)parameter["type"])
        .Bool(uniqueField, Flag(parameter["uniqueItems"]));

    private static ProtoWriter Schema(JsonObject schema)
    {
        var made = new ProtoWriter().String(1, (string?)schema["$ref"]).String(2, (string?)schema["format"]).String(4, (string?)schema["description"]);
        Strings(made, 19, schema["required"]);
        foreach (var value in schema["enum"] as JsonArray ?? [])
        {
            made.Message(20, Any(value));
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            made.Message(21, new ProtoWriter().Message(1, Schema(values)));
        }

        if (schema["type"] is { } type)
        {
            made.Message(22, new ProtoWriter().String(1, (string?)type));
        }

        if (schema["items"] is JsonObject items)
        {
            made.Message(23, new ProtoWriter().Message(1, Schema(items)));
        }

        if (schema["properties"] is JsonObject properties)
        {
            var all = new ProtoWriter();
            foreach (var (name, property) in Members(properties))
            {
                all.Message(1, Named(name, Schema((JsonObject)property)));
            }

            made.Message(25, all);
        }

        Extensions(made, 31, schema);
        return made;
    }

    private static void Extensions(ProtoWriter made, int field, JsonObject from)
    {
        foreach (var (name, value) in Members(from))
        {
            if (name.StartsWith("x-", StringComparison.Ordinal))
            {
                made.Message(field, Named(name, Any(value)));
            }
        }
    }

    // JSON is YAML, which is what the field holds.
    private static ProtoWriter Any(JsonNode? value) => new ProtoWriter().String(2, (value?.ToJsonString() ?? "null") + "\n");

    private static ProtoWriter Named(string name, ProtoWriter value) => new ProtoWriter().String(1, name).Message(2, value);

    private static void Strings(ProtoWriter made, int field, JsonNode? texts)
    {
        foreach (var text in texts as JsonArray ?? [])
        {
            made.String(field, (string?)text);
        }
    }

    private static bool Flag(JsonNode? node) => (bool?)node ?? false;

    private static IEnumerable<(string Name, JsonNode Value)> Members(JsonNode? node) => (node as JsonObject ?? []).Select(member => (member.Key, member.Value!));
}

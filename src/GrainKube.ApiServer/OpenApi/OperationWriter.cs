using System.Globalization;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>Writes one operation of a path in either dialect.</summary>
internal sealed class OperationWriter(Dialect dialect)
{
    private static readonly string[] Produced = ["application/json", "application/yaml"];
    private static readonly string[] ProducedByLists = [.. Produced, "application/json;stream=watch"];
    private static readonly string[] ProducedByLogs = ["text/plain", .. Produced];
    private static readonly string[] Anything = ["*/*"];

    /// <param name="kind">The kind that the path serves.</param>
    /// <param name="action">Upstream's name of the action: <c>list</c>, <c>get</c>, <c>post</c>, <c>put</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>, <c>connect</c>.</param>
    /// <param name="subject">Group, version and kind that the operation is about.</param>
    /// <param name="id">The operation's name.</param>
    /// <param name="body">Schema of the body, or null.</param>
    /// <param name="answer">Schema of the answer, or null for a stream.</param>
    public JsonObject Write(ServedKind kind, string action, (string Group, string Version, string Kind) subject, string id, JsonObject? body, JsonObject? answer)
    {
        var operation = new JsonObject
        {
            ["description"] = Describe(action, subject.Kind), ["tags"] = new JsonArray(Tag(kind)), ["operationId"] = id,
        };
        var parameters = new JsonArray([.. QueryParameters.Of(action).Select(p => Parameter(p.Name, "query", p.Type, p.Text, required: false))]);
        if (dialect == Dialect.V2)
        {
            operation["consumes"] = Texts(Consumed(kind, action));
            operation["produces"] = Texts(ProducedBy(action, answer));
            operation["schemes"] = new JsonArray("https");
            if (body is not null)
            {
                parameters.Insert(0, new JsonObject { ["name"] = "body", ["in"] = "body", ["required"] = action is not ("delete" or "deletecollection"), ["schema"] = body });
            }
        }
        else if (body is not null)
        {
            operation["requestBody"] = new JsonObject { ["content"] = Content(Consumed(kind, action), body) };
        }

        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        operation["responses"] = Responses(action, answer, ProducedBy(action, answer));
        operation["x-kubernetes-action"] = action;
        operation["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = subject.Group, ["kind"] = subject.Kind, ["version"] = subject.Version };
        return operation;
    }

    public JsonObject Parameter(string name, string place, string type, string text, bool required)
    {
        var made = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = text };
        if (required)
        {
            made["required"] = true;
        }

        if (dialect == Dialect.V2)
        {
            made["type"] = type;
            made["uniqueItems"] = true;
        }
        else
        {
            made["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true };
        }

        return made;
    }

    /// <summary>An operation that says what the server has: <c>GET /apis/apps/</c>.</summary>
    public JsonObject Discover(string text, string tag, string id, JsonObject answer)
    {
        var operation = new JsonObject { ["description"] = text, ["tags"] = new JsonArray(tag), ["operationId"] = id };
        if (dialect == Dialect.V2)
        {
            operation["consumes"] = Texts(Produced);
            operation["produces"] = Texts(Produced);
            operation["schemes"] = new JsonArray("https");
        }

        operation["responses"] = Responses("get", answer, Produced);
        return operation;
    }

    private static string[] ProducedBy(string action, JsonObject? answer) => action switch
    {
        "list" or "watch" or "watchlist" => ProducedByLists,
        "connect" => Anything,
        "get" when answer is null => ProducedByLogs,
        _ => Produced,
    };

    private JsonObject Responses(string action, JsonObject? answer, string[] produced)
    {
        var responses = new JsonObject { ["200"] = Response("OK", answer, produced) };
        if (action is "post" or "put" or "patch")
        {
            responses["201"] = Response("Created", answer, produced);
        }

        if (action is "post" or "delete")
        {
            responses["202"] = Response("Accepted", answer, produced);
        }

        responses["401"] = new JsonObject { ["description"] = "Unauthorized" };
        return responses;
    }

    private JsonObject Response(string text, JsonObject? answer, string[] produced)
    {
        var made = new JsonObject { ["description"] = text };
        var schema = answer?.DeepClone() as JsonObject ?? new JsonObject { ["type"] = "string" };
        if (dialect == Dialect.V2)
        {
            made["schema"] = schema;
        }
        else
        {
            made["content"] = Content(produced, schema);
        }

        return made;
    }

    private static JsonObject Content(IEnumerable<string> types, JsonObject schema) =>
        new(types.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject { ["schema"] = schema.DeepClone() })));

    private static string[] Consumed(ServedKind kind, string action) => action == "patch"
        ? kind.Definition.Model is null
            ? ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"] // kubectl looks here whether it may send a strategic merge
            : ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"]
        : Anything;

    private static string Describe(string action, string kind) => action switch
    {
        "list" => $"list or watch objects of kind {kind}",
        "post" => $"create a {kind}",
        "get" => $"read the specified {kind}",
        "put" => $"replace the specified {kind}",
        "patch" => $"partially update the specified {kind}",
        "delete" => $"delete a {kind}",
        "deletecollection" => $"delete collection of {kind}",
        "watch" => $"watch changes to an object of kind {kind}. deprecated: use the 'watch' parameter with a list operation instead, filtered to a single item with the 'fieldSelector' parameter.",
        "watchlist" => $"watch individual changes to a list of {kind}. deprecated: use the 'watch' parameter with a list operation instead.",
        _ => $"connect requests to {kind}",
    };

    private static string Tag(ServedKind kind) => kind.Group.Length == 0
        ? $"core_{kind.Version.Version}"
        : string.Create(CultureInfo.InvariantCulture, $"{OperationNames.GroupTag(kind.Group)}_{kind.Version.Version}");

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}

using System.Text.Json.Nodes;
using GrainKube.ApiServer.Discovery;
using GrainKube.Resources.Schemas;
using k8s.Models;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>Collects the paths of kinds, and through them the definitions.</summary>
internal sealed class PathSet(Dialect dialect, DefinitionSet definitions)
{
    private readonly SortedDictionary<string, JsonObject> paths = new(StringComparer.Ordinal);
    private readonly OperationWriter operations = new(dialect);

    /// <summary>All paths in order. Call it last, once.</summary>
    public JsonObject ToJson() => new(paths.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    /// <summary>What the server says it has; group and version are empty above them.</summary>
    /// <param name="group">The API group; null for the root of all.</param>
    /// <param name="version">The version, or null for the group.</param>
    public void Discover(string? group, string? version)
    {
        var (path, text, tag, id, answer) = (group, version) switch
        {
            (null, _) => ("/apis/", "get available API versions", "apis", "getAPIVersions", typeof(V1APIGroupList)),
            ("", null) => ("/api/", "get available API versions", "core", "getCoreAPIVersions", typeof(V1APIVersions)),
            (_, null) => ($"/apis/{group}/", "get information of a group", OperationNames.GroupTag(group), $"get{OperationNames.Group(group)}APIGroup", typeof(V1APIGroup)),
            _ => (
                group.Length == 0 ? $"/api/{version}/" : $"/apis/{group}/{version}/",
                "get available resources",
                $"{(group.Length == 0 ? "core" : OperationNames.GroupTag(group))}_{version}",
                $"get{OperationNames.GroupAndVersion(group, version)}APIResources",
                typeof(V1APIResourceList)),
        };
        paths[path] = new JsonObject { ["get"] = operations.Discover(text, tag, id, definitions.Ref(answer)) };
    }

    /// <summary>Paths that lead to no object.</summary>
    public void AddPlain()
    {
        foreach (var (path, item) in PlainPaths.All(definitions.Ref(PlainPaths.VersionInfo, PlainPaths.VersionDefinition())))
        {
            paths[path] = item;
        }
    }

    public void Add(ServedKind kind)
    {
        var names = kind.Definition.Names;
        var item = kind.Definition.Model is null
            ? definitions.CustomKind(kind.Name, kind.Version.Schema.Source, kind.Group, kind.Version.Version, kind.Kind)
            : definitions.Kind(kind.Name, kind.Version.Schema, kind.Group, kind.Version.Version, kind.Kind);
        var collection = names.Namespaced ? $"{kind.Root}/namespaces/{{namespace}}/{names.Plural}" : $"{kind.Root}/{names.Plural}";
        if (kind.Definition.Verbs is ["create"])
        {
            Put(kind, collection, "post", "post", "", Own(kind), item, item);
            return;
        }

        var list = definitions.List(kind, (JsonObject)item.DeepClone());
        Collection(kind, collection, item, list);
        if (names.Namespaced && kind.Definition.Verbs.Contains("list"))
        {
            Put(kind, $"{kind.Root}/{names.Plural}", "get", "list", "", Own(kind), null, list, everywhere: true);
        }

        Item(kind, $"{collection}/{{name}}", item);
        Watches(kind);
        foreach (var (name, subKind, group, version, verbs) in SubresourceNames.Of(kind.Definition))
        {
            Subresource(kind, $"{collection}/{{name}}/{name}", name, (group ?? kind.Group, version ?? kind.Version.Version, subKind), verbs, item);
        }
    }

    /// <summary>The old way to watch, by path.</summary>
    private void Watches(ServedKind kind)
    {
        if (!kind.Definition.Verbs.Contains("watch"))
        {
            return;
        }

        var (names, root, answer) = (kind.Definition.Names, $"{kind.Root}/watch", definitions.Ref(typeof(V1WatchEvent)));
        var collection = names.Namespaced ? $"{root}/namespaces/{{namespace}}/{names.Plural}" : $"{root}/{names.Plural}";
        Put(kind, collection, "get", "watchlist", "", Own(kind), null, answer);
        Put(kind, $"{collection}/{{name}}", "get", "watch", "", Own(kind), null, answer);
        if (names.Namespaced)
        {
            Put(kind, $"{root}/{names.Plural}", "get", "watchlist", "", Own(kind), null, answer, everywhere: true);
        }
    }

    private void Collection(ServedKind kind, string path, JsonObject item, JsonObject list)
    {
        foreach (var verb in kind.Definition.Verbs)
        {
            switch (verb)
            {
                case "list":
                    Put(kind, path, "get", "list", "", Own(kind), null, list);
                    break;
                case "create":
                    Put(kind, path, "post", "post", "", Own(kind), item, item);
                    break;
                case "deletecollection":
                    Put(kind, path, "delete", "deletecollection", "", Own(kind), definitions.Ref(typeof(V1DeleteOptions)), definitions.Ref(typeof(V1Status)));
                    break;
            }
        }
    }

    private void Item(ServedKind kind, string path, JsonObject item)
    {
        foreach (var verb in kind.Definition.Verbs)
        {
            switch (verb)
            {
                case "get":
                    Put(kind, path, "get", "get", "", Own(kind), null, item);
                    break;
                case "update":
                    Put(kind, path, "put", "put", "", Own(kind), item, item);
                    break;
                case "patch":
                    Put(kind, path, "patch", "patch", "", Own(kind), definitions.Patch(), item);
                    break;
                case "delete":
                    Put(kind, path, "delete", "delete", "", Own(kind), definitions.Ref(typeof(V1DeleteOptions)), kind.Definition.ReturnsDeletedObject ? item : definitions.Ref(typeof(V1Status)));
                    break;
            }
        }
    }

    private void Subresource(ServedKind kind, string path, string name, (string Group, string Version, string Kind) subject, IReadOnlyList<string> verbs, JsonObject item)
    {
        if (subject.Kind.EndsWith("Options", StringComparison.Ordinal))
        {
            Connection(kind, path, name, subject, verbs);
            return;
        }

        var body = name == "log" ? null : subject.Kind switch
        {
            "Scale" => Named(typeof(V1Scale), subject),
            "Binding" => Named(typeof(V1Binding), subject),
            "Eviction" => Named(typeof(V1Eviction), subject),
            "TokenRequest" => Named(typeof(Authenticationv1TokenRequest), subject),
            _ => item,
        };
        foreach (var verb in verbs)
        {
            var (method, action) = MethodOf(verb);
            Put(kind, path, method, action, name, subject, action == "patch" ? definitions.Patch() : action is "put" or "post" ? body : null, body);
        }
    }

    /// <summary>What leads to something else than an object takes any method that its verbs allow, and where those are all, a path.</summary>
    private void Connection(ServedKind kind, string path, string name, (string, string, string) subject, IReadOnlyList<string> verbs)
    {
        var isProxy = verbs.Contains("delete");
        foreach (var method in verbs.Select(v => MethodOf(v).Method).Concat(isProxy ? ["head", "options"] : []))
        {
            Put(kind, path, method, "connect", name, subject, null, null);
            if (isProxy)
            {
                Put(kind, path + "/{path}", method, "connect", name, subject, null, null);
            }
        }
    }

    private static (string Method, string Action) MethodOf(string verb) => verb switch
    {
        "create" => ("post", "post"),
        "update" => ("put", "put"),
        _ => (verb, verb),
    };

    private JsonObject Named(Type model, (string Group, string Version, string Kind) subject)
    {
        var schema = ModelSchemas.For(model);
        return definitions.Kind(schema.DefinitionName!, schema, subject.Group, subject.Version, subject.Kind);
    }

    private void Put(
        ServedKind kind, string path, string method, string action, string subresource, (string Group, string Version, string Kind) subject, JsonObject? body, JsonObject? answer, bool everywhere = false)
    {
        if (!paths.TryGetValue(path, out var operationsOfPath))
        {
            paths[path] = operationsOfPath = [];
            var parameters = new JsonArray();
            if (path.Contains("{name}"))
            {
                parameters.Add((JsonNode)operations.Parameter("name", "path", "string", $"name of the {kind.Kind}", required: true));
            }

            if (path.Contains("{namespace}"))
            {
                parameters.Add((JsonNode)operations.Parameter("namespace", "path", "string", "object name and auth scope, such as for teams and projects", required: true));
            }

            if (path.Contains("{path}"))
            {
                parameters.Add((JsonNode)operations.Parameter("path", "path", "string", "path to the resource", required: true));
            }

            var query = action is "watch" or "watchlist" ? QueryParameters.OfWatch : QueryParameters.OfPath(subject.Kind, subresource);
            foreach (var (name, type, text) in action == "connect" ? query : query.Append(("pretty", "string", "If 'true', the answer is indented.")))
            {
                parameters.Add((JsonNode)operations.Parameter(name, "query", type, text, required: false));
            }

            if (parameters.Count > 0)
            {
                operationsOfPath["parameters"] = parameters;
            }
        }

        var rest = path.EndsWith("/{path}", StringComparison.Ordinal) ? subresource + "WithPath" : subresource;
        var id = OperationNames.Of(kind, action, method, rest, everywhere);
        operationsOfPath[method] = operations.Write(kind, action, subject, id, body?.DeepClone() as JsonObject, answer);
    }

    private static (string Group, string Version, string Kind) Own(ServedKind kind) => (kind.Group, kind.Version.Version, kind.Kind);
}

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

        var list = definitions.List(kind.ListName, (JsonObject)item.DeepClone(), kind.Group, kind.Version.Version, names.ListKind);
        Collection(kind, collection, item, list);
        if (names.Namespaced && kind.Definition.Verbs.Contains("list"))
        {
            Put(kind, $"{kind.Root}/{names.Plural}", "get", "list", "", Own(kind), null, list, everywhere: true);
        }

        Item(kind, $"{collection}/{{name}}", item);
        foreach (var (name, subKind, group, version, verbs) in SubresourceNames.Of(kind.Definition))
        {
            Subresource(kind, $"{collection}/{{name}}/{name}", name, (group ?? kind.Group, version ?? kind.Version.Version, subKind), verbs, item);
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
                    Put(kind, path, "delete", "delete", "", Own(kind), definitions.Ref(typeof(V1DeleteOptions)), definitions.Ref(typeof(V1Status)));
                    break;
            }
        }
    }

    private void Subresource(ServedKind kind, string path, string name, (string Group, string Version, string Kind) subject, IReadOnlyList<string> verbs, JsonObject item)
    {
        var body = subject.Kind == kind.Kind ? item : subject.Kind == "Scale" ? Named(typeof(V1Scale), subject) : null;
        foreach (var verb in verbs)
        {
            var (method, action) = verb switch
            {
                "get" => ("get", body is null ? "connect" : "get"),
                "create" => ("post", body is null ? "connect" : "post"),
                "update" => ("put", "put"),
                "patch" => ("patch", "patch"),
                _ => ("", ""),
            };
            if (method.Length > 0)
            {
                Put(kind, path, method, action, name, subject, action == "patch" ? definitions.Patch() : action is "put" or "post" ? body : null, body);
            }
        }
    }

    private JsonObject Named(Type model, (string Group, string Version, string Kind) subject)
    {
        var schema = ModelSchemas.For(model);
        return definitions.Kind(schema.DefinitionName!, schema, subject.Group, subject.Version, subject.Kind);
    }

    private void Put(
        ServedKind kind, string path, string method, string action, string subresource, (string, string, string) subject, JsonObject? body, JsonObject? answer, bool everywhere = false)
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

            if (parameters.Count > 0)
            {
                operationsOfPath["parameters"] = parameters;
            }
        }

        var id = OperationNames.Of(kind, action == "connect" ? $"connect{char.ToUpperInvariant(method[0])}{method[1..]}" : action, subresource, everywhere);
        operationsOfPath[method] = operations.Write(kind, action, subject, id, body?.DeepClone() as JsonObject, answer);
    }

    private static (string Group, string Version, string Kind) Own(ServedKind kind) => (kind.Group, kind.Version.Version, kind.Kind);
}

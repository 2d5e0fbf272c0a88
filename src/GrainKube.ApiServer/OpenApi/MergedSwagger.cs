using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.OpenApi;

/// <summary>Puts what another server's OpenAPI 2 document says of its own paths into ours.</summary>
internal static class MergedSwagger
{
    private const string Reference = "#/definitions/";

    /// <param name="whole">Our document; changed in place.</param>
    /// <param name="other">The other server's; taken apart.</param>
    /// <param name="roots">Which of its paths are taken: those below one of these.</param>
    public static void Add(JsonObject whole, JsonObject other, IReadOnlyList<string> roots)
    {
        var (paths, definitions) = (Child(whole, "paths"), Child(whole, "definitions"));
        var theirs = other["definitions"] as JsonObject ?? [];
        var taken = new JsonObject();
        foreach (var (path, item) in (other["paths"] as JsonObject ?? []).ToList())
        {
            if (!paths.ContainsKey(path) && roots.Any(root => path == root || path == root + "/" || path.StartsWith(root + "/", StringComparison.Ordinal)))
            {
                taken[path] = item?.DeepClone();
            }
        }

        var renamed = Names(Needed(taken, theirs), theirs, definitions);
        Rename(taken, renamed);
        foreach (var (path, item) in taken.ToList())
        {
            taken.Remove(path);
            paths[path] = item;
        }

        foreach (var (name, newName) in renamed)
        {
            if (!definitions.ContainsKey(newName) && theirs[name]?.DeepClone() is { } definition)
            {
                Rename(definition, renamed);
                definitions[newName] = definition;
            }
        }
    }

    /// <summary>What the paths refer to, and what that refers to.</summary>
    private static HashSet<string> Needed(JsonNode start, JsonObject definitions)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<JsonNode>([start]);
        while (open.TryPop(out var node))
        {
            foreach (var name in References(node).Where(name => needed.Add(name)))
            {
                if (definitions[name] is { } definition)
                {
                    open.Push(definition);
                }
            }
        }

        return needed;
    }

    /// <summary>A definition that is ours too keeps its name where it says the same; otherwise it gets the first that is free.</summary>
    private static Dictionary<string, string> Names(HashSet<string> needed, JsonObject theirs, JsonObject ours)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in needed)
        {
            var chosen = name;
            for (var number = 2; ours[chosen] is { } there && !JsonNode.DeepEquals(there, theirs[name]); number++)
            {
                chosen = $"{name}_v{number}";
            }

            names[name] = chosen;
        }

        return names;
    }

    private static void Rename(JsonNode node, Dictionary<string, string> names)
    {
        if (names.All(n => n.Key == n.Value))
        {
            return;
        }

        foreach (var holder in Holders(node).ToList())
        {
            var name = ((string)holder["$ref"]!)[Reference.Length..];
            holder["$ref"] = Reference + names.GetValueOrDefault(name, name);
        }
    }

    private static IEnumerable<string> References(JsonNode node) => Holders(node).Select(holder => ((string)holder["$ref"]!)[Reference.Length..]);

    private static IEnumerable<JsonObject> Holders(JsonNode start)
    {
        var open = new Stack<JsonNode>([start]);
        while (open.TryPop(out var node))
        {
            if (node is JsonObject item)
            {
                if (item["$ref"] is JsonValue value && value.TryGetValue<string>(out var text) && text.StartsWith(Reference, StringComparison.Ordinal))
                {
                    yield return item;
                }

                foreach (var (_, child) in item)
                {
                    if (child is not null)
                    {
                        open.Push(child);
                    }
                }
            }
            else if (node is JsonArray list)
            {
                foreach (var child in list.OfType<JsonNode>())
                {
                    open.Push(child);
                }
            }
        }
    }

    private static JsonObject Child(JsonObject item, string name)
    {
        if (item[name] is not JsonObject child)
        {
            item[name] = child = [];
        }

        return child;
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>The first document of a YAML stream as a tree of JSON: aliases are written out and merge keys followed, both within bounds.</summary>
internal sealed class YamlDocument(IParser parser)
{
    private const int MaxNodes = 1_000_000;
    private const int MaxDepth = 500;
    private readonly Dictionary<string, (JsonNode? Node, int Size)> anchors = new(StringComparer.Ordinal);
    private int made;

    /// <summary>Null for null and for no document at all.</summary>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    /// <exception cref="ApiException">400: it has no form in JSON, or it is too large or too deep.</exception>
    public JsonNode? Read()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = Node(0);

        // What follows is not used, but it must be YAML.
        while (parser.MoveNext())
        {
        }

        return root;
    }

    private JsonNode? Node(int depth)
    {
        if (++made > MaxNodes || depth > MaxDepth)
        {
            throw Refused("document contains excessive aliasing or depth");
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            var (node, size) = anchors.TryGetValue(alias.Value.Value, out var found) ? found : throw Refused($"unknown anchor '{alias.Value}' referenced");
            made += size;
            return made > MaxNodes ? throw Refused("document contains excessive aliasing or depth") : node?.DeepClone();
        }

        var before = made;
        var anchor = (parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        var read = parser.TryConsume<Scalar>(out var scalar) ? YamlJson.Value(scalar)
            : parser.TryConsume<SequenceStart>(out _) ? List(depth)
            : parser.TryConsume<MappingStart>(out _) ? Map(depth)
            : throw Refused($"unexpected {parser.Current?.GetType().Name}");
        if (!anchor.IsEmpty)
        {
            anchors[anchor.Value] = (read?.DeepClone(), made - before);
        }

        return read;
    }

    private JsonArray List(int depth)
    {
        var list = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(Node(depth + 1));
        }

        return list;
    }

    private JsonObject Map(int depth)
    {
        var map = new JsonObject();
        var merged = new List<JsonObject>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = KeyText(out var merges);
            var value = Node(depth + 1);
            if (merges)
            {
                merged.AddRange(value as JsonArray is { } several ? several.OfType<JsonObject>() : [value as JsonObject ?? throw Refused("map merge requires map or sequence of maps as the value")]);
            }
            else if (!map.TryAdd(key, value))
            {
                throw Refused($"mapping key \"{key}\" already defined");
            }
        }

        // What is said here wins, and among those that are merged in the first.
        foreach (var (key, value) in merged.SelectMany(m => m))
        {
            map.TryAdd(key, value?.DeepClone());
        }

        return map;
    }

    private string KeyText(out bool merges)
    {
        merges = parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
        if (parser.TryConsume<AnchorAlias>(out var alias) && anchors.TryGetValue(alias.Value.Value, out var named) && named.Node is JsonValue text)
        {
            return text.ToString();
        }

        return parser.TryConsume<Scalar>(out var key) ? key.Value : throw Refused("invalid map key");
    }

    private static ApiException Refused(string why) => ApiException.BadRequest($"error converting YAML to JSON: yaml: {why}");
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>Builds the tree of one YAML document from the parser's events; keeps what comes last of keys that come twice, and says which they were.</summary>
internal sealed class YamlReader(IParser parser)
{
    private const int MaximumNodes = 1_000_000;
    internal const int MaximumDepth = 500;
    private readonly Dictionary<AnchorName, JsonNode?> anchors = [];
    private int left = MaximumNodes;

    /// <summary>For example <c>line 12: key "paused" already set in map</c>, in the order of the text.</summary>
    public List<string> Duplicates { get; } = [];

    /// <summary>The first document; null for one that is empty.</summary>
    /// <exception cref="YamlException">No YAML.</exception>
    /// <exception cref="ApiException">400: aliases blow it up.</exception>
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
        Spend(1);
        if (depth > MaximumDepth)
        {
            throw Excessive();
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            var target = anchors.TryGetValue(alias.Value, out var known) ? known : throw new YamlException(alias.Start, alias.End, $"unknown anchor '{alias.Value}' referenced");
            Spend(Size(target));
            return target?.DeepClone();
        }

        var start = parser.Current as NodeEvent ?? throw new YamlException("unexpected end of the document");
        var node = start switch
        {
            MappingStart => Mapping(depth),
            SequenceStart => Sequence(depth),
            _ => YamlScalars.ToJson(parser.Consume<Scalar>()),
        };
        if (!start.Anchor.IsEmpty)
        {
            anchors[start.Anchor] = node;
        }

        return node;
    }

    private JsonObject Mapping(int depth)
    {
        parser.Consume<MappingStart>();
        var fields = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        List<JsonNode?>? merged = null;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw ApiException.BadRequest("error converting YAML to JSON: yaml: invalid map key");
            }

            var value = Node(depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                (merged ??= []).Add(value);
                continue;
            }

            if (!fields.TryAdd(key.Value, value))
            {
                fields[key.Value] = value;
                Duplicates.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {key.Start.Line}: key \"{key.Value}\" already set in map"));
            }
        }

        foreach (var source in merged ?? [])
        {
            Merge(fields, source);
        }

        // Upstream's converter goes through a map, whose keys come out sorted.
        return new JsonObject(fields);
    }

    /// <summary>A merge key brings in what the map does not say itself; of a list the first one wins.</summary>
    private static void Merge(SortedDictionary<string, JsonNode?> fields, JsonNode? source)
    {
        switch (source)
        {
            case JsonObject map:
                foreach (var (name, value) in map)
                {
                    fields.TryAdd(name, value?.DeepClone());
                }

                break;
            case JsonArray list:
                foreach (var map in list)
                {
                    Merge(fields, map);
                }

                break;
            default:
                throw ApiException.BadRequest("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value");
        }
    }

    private JsonArray Sequence(int depth)
    {
        parser.Consume<SequenceStart>();
        var list = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(Node(depth + 1));
        }

        return list;
    }

    private void Spend(int nodes)
    {
        left -= nodes;
        if (left < 0)
        {
            throw Excessive();
        }
    }

    private static int Size(JsonNode? node) => node switch
    {
        JsonObject map => 1 + map.Sum(p => Size(p.Value)),
        JsonArray list => 1 + list.Sum(Size),
        _ => 1,
    };

    private static ApiException Excessive() => ApiException.BadRequest("error converting YAML to JSON: yaml: document contains excessive aliasing");
}

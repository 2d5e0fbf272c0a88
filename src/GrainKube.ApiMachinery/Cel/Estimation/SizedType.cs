using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Rules;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>How much can stand at a place of a schema, at most, in a request of the greatest size that is let in.</summary>
/// <remarks>Source: KEP-2876, "Resource constraints". Strings count in bytes, four for each character of <c>maxLength</c>.</remarks>
internal sealed class SizedType
{
    /// <summary>The greatest request, in bytes.</summary>
    public const long Request = 3 * 1024 * 1024;

    /// <summary>What quotes or brackets take.</summary>
    private const long Enclosing = 2;
    private const long LongestName = 253;
    private static readonly SizedType Text = new() { Elements = Request - Enclosing, Least = Enclosing };

    /// <summary>Of a place of which the schema says nothing that rules could use.</summary>
    public static SizedType Opaque { get; } = new() { Least = Enclosing };

    /// <summary>Entries of a list or map, bytes of a string; zero where the question makes no sense.</summary>
    public long Elements { get; private init; }

    /// <summary>The fewest bytes of JSON that such a value takes.</summary>
    public long Least { get; private init; }

    /// <summary>Of a list or a map.</summary>
    public SizedType? Element { get; private init; }

    /// <summary>Of a map.</summary>
    public SizedType? Key { get; private init; }

    private Dictionary<string, SizedType> Fields { get; init; } = [];

    /// <summary>How often a value of this type fits into one request.</summary>
    public ulong MostOften => (ulong)(Request / (Least + 1));

    public SizedType? Field(string name) => Fields.GetValueOrDefault(name) ?? Fields.GetValueOrDefault(FieldNames.Unescape(name));

    /// <param name="schema">The place, with all that is below it.</param>
    /// <param name="isWhole">A whole object with apiVersion, kind and metadata stands there.</param>
    /// <returns>Null for what rules cannot look into.</returns>
    public static SizedType? Of(JsonObject schema, bool isWhole)
    {
        if (Is(schema, "x-kubernetes-int-or-string"))
        {
            return new() { Elements = Most(schema, "maxLength", 4) ?? Request - Enclosing, Least = 1 };
        }

        return Word(schema, "type") switch
        {
            "array" => schema["items"] is JsonObject items && Below(items) is { } element
                ? new() { Element = element, Elements = Most(schema, "maxItems") ?? (Request - Enclosing) / (element.Least + 1), Least = Enclosing }
                : null,
            "object" when !isWhole && schema["additionalProperties"] is JsonObject values => Below(values) is { } value ? Map(schema, value) : null,
            "object" => Object(schema, isWhole),
            "string" => String(schema),
            "boolean" => new() { Least = 4 },
            "number" or "integer" => new() { Least = 1 },
            _ => null,
        };
    }

    /// <summary>A key takes two quotes, and with it go a colon and a comma.</summary>
    private static SizedType Map(JsonObject schema, SizedType value) => new()
    {
        Key = new() { Least = Enclosing },
        Element = value,
        Elements = Most(schema, "maxProperties") ?? (Request - Enclosing) / (value.Least + 6),
        Least = Enclosing,
    };

    private static SizedType Object(JsonObject schema, bool isWhole)
    {
        var fields = new Dictionary<string, SizedType>(StringComparer.Ordinal);
        var required = (schema["required"] as JsonArray ?? []).Select(r => (string?)r).ToHashSet();
        var least = Enclosing;
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            if (child is not JsonObject property || Below(property) is not { } field)
            {
                continue;
            }

            fields[name] = field;

            // What has a default need not be sent.
            if (required.Contains(name) && property["default"] is null)
            {
                least += Encoding.UTF8.GetByteCount(name) + field.Least + 4;
            }
        }

        if (isWhole)
        {
            (fields["apiVersion"], fields["kind"]) = (Text, Text);
            var names = (schema["properties"] as JsonObject)?["metadata"]?["properties"] as JsonObject;
            fields["metadata"] = new()
            {
                Least = Enclosing,
                Fields = new(StringComparer.Ordinal) { ["name"] = Name(names, "name", LongestName), ["generateName"] = Name(names, "generateName", LongestName - 1) },
            };
        }

        return new() { Fields = fields, Least = least };
    }

    private static SizedType Name(JsonObject? names, string name, long longest) =>
        new() { Elements = Math.Min((names?[name] as JsonObject is { } own ? Most(own, "maxLength") : null) ?? longest, longest) * 4, Least = Enclosing };

    private static SizedType String(JsonObject schema) => Word(schema, "format") switch
    {
        "byte" => new() { Elements = Most(schema, "maxLength") ?? Request - Enclosing, Least = Enclosing },
        "duration" => new() { Elements = 32, Least = 3 },
        "date" => new() { Elements = 12, Least = 12 },
        "date-time" => new() { Elements = 32, Least = 21 },
        _ => new() { Elements = Most(schema, "maxLength", 4) ?? Longest(schema["enum"] as JsonArray) ?? Request - Enclosing, Least = Enclosing },
    };

    private static long? Longest(JsonArray? choices) =>
        choices is { Count: > 0 } ? choices.Max(c => c is JsonValue value && value.TryGetValue<string>(out var text) ? Encoding.UTF8.GetByteCount(text) : 0) : null;

    private static SizedType? Below(JsonObject schema) => Of(schema, Is(schema, "x-kubernetes-embedded-resource"));

    private static long? Most(JsonObject schema, string name, long factor = 1)
    {
        long? most = schema[name] is not JsonValue value ? null : value.TryGetValue<long>(out var number) ? number : value.TryGetValue<int>(out var small) ? small : null;
        return most is { } known ? Math.Clamp(known, 0, long.MaxValue / factor) * factor : null;
    }

    private static bool Is(JsonObject schema, string name) => schema[name] is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    private static string Word(JsonObject schema, string name) => schema[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

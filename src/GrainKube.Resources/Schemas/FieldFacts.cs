using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.Schemas;

/// <summary>What the facts table says of one field beyond what its model's type tells.</summary>
internal sealed record FieldFacts
{
    public static readonly FieldFacts None = new();

    public bool Required { get; init; }
    public string? MergeKey { get; init; }
    public string? PatchStrategy { get; init; }
    public ListType ListType { get; init; }
    public IReadOnlyList<string> MapKeys { get; init; } = [];
    public bool Atomic { get; init; }
    public JsonNode? Default { get; init; }

    /// <summary>Upstream's Go type is a plain value that its encoder always writes: a struct (<c>{}</c>), a number (<c>0</c>) or a boolean (<c>false</c>).</summary>
    public bool AlwaysWritten { get; init; }

    /// <summary>Upstream's Go type is a pointer, list, map or time that its encoder does not leave out: null where nothing is set.</summary>
    public bool NullWhenAbsent { get; init; }

    /// <summary>A text that stays although it is empty: upstream's Go type is a pointer, or is written always.</summary>
    public bool KeptWhenEmpty { get; init; }

    /// <summary>A number or boolean that upstream's encoder leaves out at zero or false: its Go type is no pointer.</summary>
    public bool LeftOutAtZero { get; init; }
    public IReadOnlyList<string> Enum { get; init; } = [];

    /// <summary>A MicroTime, where the model has a plain DateTime.</summary>
    public bool Micro { get; init; }

    /// <summary>Upstream's name of a type that the model only knows as <c>object</c>.</summary>
    public string? Definition { get; init; }

    /// <summary>The name of a named Go type that is no struct, of the field or of its elements: <c>v1.RestartPolicy</c>.</summary>
    public string? GoType { get; init; }

    /// <summary>A whole JSON object of any shape.</summary>
    public bool AnyObject { get; init; }

    /// <summary>Reads <c>name[!][:fact[,fact]…]</c>; see the README in this folder.</summary>
    /// <exception cref="FormatException">The text has a fact that is not known.</exception>
    public static (string Name, FieldFacts Facts) Parse(string text)
    {
        var colon = text.IndexOf(':');
        var name = colon < 0 ? text : text[..colon];
        var facts = new FieldFacts { Required = name.EndsWith('!') };
        foreach (var fact in colon < 0 ? [] : text[(colon + 1)..].Split(','))
        {
            var equals = fact.IndexOf('=');
            var value = equals < 0 ? "" : fact[(equals + 1)..];
            facts = (equals < 0 ? fact : fact[..equals]) switch
            {
                "key" => facts with { MergeKey = value },
                "patch" => facts with { PatchStrategy = value.Replace('+', ',') },
                "list" => facts with { ListType = System.Enum.Parse<ListType>(value, ignoreCase: true) },
                "keys" => facts with { MapKeys = value.Split('+') },
                "atomic" => facts with { Atomic = true },
                "default" => facts with { Default = JsonNode.Parse(value) },
                "zero" => facts with { AlwaysWritten = true },
                "null" => facts with { NullWhenAbsent = true },
                "kept" => facts with { KeptWhenEmpty = true },
                "plain" => facts with { LeftOutAtZero = true },
                "enum" => facts with { Enum = value.Replace('~', ' ').Split('|') },
                "micro" => facts with { Micro = true },
                "def" => facts with { Definition = SchemaNames.ApiExtensions + value },
                "go" => facts with { GoType = value },
                "object" => facts with { AnyObject = true, Definition = SchemaNames.ApiExtensions + value },
                "raw" => facts with { AnyObject = true, Definition = SchemaNames.RawExtension },
                "fields" => facts with { AnyObject = true, Definition = SchemaNames.FieldsV1 },
                _ => throw new FormatException($"'{fact}' in '{text}' is not a known fact"),
            };
        }

        return (name.TrimEnd('!'), facts);
    }
}

using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace GrainKube.Resources.Protobuf;

/// <summary>The embedded <c>Wire/*.wire</c>: the messages of the built-in kinds. Read once, when first needed.</summary>
public static class WireTable
{
    private const string Folder = "wire/";

    /// <summary>Messages that go by another <c>apiVersion</c>, too: every API group takes its own in <c>DeleteOptions</c>, errors are of the core's, and metadata is the same in both of its versions.</summary>
    private static readonly string[] SharedKinds = ["DeleteOptions", "Status", "PartialObjectMetadata"];
    private static readonly Lazy<FrozenDictionary<(string ApiVersion, string Kind), WireMessage>> Table = new(Read);

    /// <summary>What stands at the head of a list, in field 1; its items are in field 2.</summary>
    public static WireMessage ListMeta => Find("v1", "Status")!.Find(1)!.Message!;

    /// <summary>The message of a kind that may be a whole body; null where the kind is not built in.</summary>
    public static WireMessage? Find(string apiVersion, string kind) =>
        Table.Value.GetValueOrDefault((SharedKinds.Contains(kind) ? "meta.k8s.io/v1" : apiVersion, kind));

    /// <summary>Every kind of the table.</summary>
    public static IEnumerable<(string ApiVersion, string Kind)> Kinds => Table.Value.Keys;

    private static FrozenDictionary<(string, string), WireMessage> Read()
    {
        var messages = new Dictionary<string, WireMessage>(StringComparer.Ordinal);
        var kinds = new Dictionary<(string, string), WireMessage>();
        var references = new List<(WireField Field, string Message)>();
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var file in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            var header = reader.ReadLine()!.Split(' ');
            while (reader.ReadLine() is { } line)
            {
                var words = line.Split(' ');
                var fields = words[2..].Select(word => Field(word, header[1], references)).ToList();
                var message = new WireMessage($"{header[1]}.{words[1]}", words[0] == "kind", words[0] == "union", fields);
                messages.Add(message.Name, message);
                if (message.IsKind)
                {
                    kinds.Add((header[2], words[1]), message);
                }
            }
        }

        foreach (var (field, name) in references)
        {
            field.Message = messages[name];
        }

        return kinds.ToFrozenDictionary();
    }

    private static WireField Field(string word, string package, List<(WireField, string)> references)
    {
        var equals = word.IndexOf('=');
        var colon = word.LastIndexOf(':');
        var name = word[(equals + 1)..colon];
        var omitsZero = word.EndsWith('?');
        var text = word[(colon + 1)..].TrimEnd('?');
        var shape = text.EndsWith("[]", StringComparison.Ordinal) ? WireShape.Many : text.EndsWith("{}", StringComparison.Ordinal) ? WireShape.Map : WireShape.One;
        text = shape == WireShape.One ? text : text[..^2];
        var type = char.IsAsciiLetterUpper(text[0]) || text.Contains('.') ? WireType.Message : Enum.Parse<WireType>(text, ignoreCase: true);
        var field = new WireField(int.Parse(word.AsSpan(0, equals)), JsonEncodedText.Encode(name), type, shape, omitsZero, Inline: name == ".");
        if (type == WireType.Message)
        {
            references.Add((field, text.Contains('.') ? text : $"{package}.{text}"));
        }

        return field;
    }
}

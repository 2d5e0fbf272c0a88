using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace GrainKube.ApiServer.Requests.Protobuf;

/// <summary>The embedded <c>messages.txt</c>: field numbers of the built-in kinds. Read when the first protobuf body comes.</summary>
internal static class MessageTable
{
    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<int, MessageField>>> Table = new(Read);

    /// <summary>Names of messages, <c>io.k8s.api.core.v1.Pod</c>, with their fields by number.</summary>
    public static IReadOnlyDictionary<string, FrozenDictionary<int, MessageField>> All => Table.Value;

    /// <summary>The message that carries a kind; null where none is known.</summary>
    public static string? NameOf(string apiVersion, string kind)
    {
        if (kind == "DeleteOptions")
        {
            return "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"; // every group has it under its own name
        }

        var slash = apiVersion.IndexOf('/');
        var group = slash < 0 ? "core" : apiVersion[..slash].Split('.')[0];
        var name = $"io.k8s.api.{group}.{apiVersion[(slash + 1)..]}.{kind}";
        return All.ContainsKey(name) ? name : null;
    }

    private static FrozenDictionary<string, FrozenDictionary<int, MessageField>> Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("protobuf-messages")!);
        var lines = new List<(string Package, string[] Words)>();
        var package = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("package ", StringComparison.Ordinal))
            {
                package = line["package ".Length..];
            }
            else
            {
                lines.Add((package, line.Split(' ')));
            }
        }

        // A message that only names a list is that list.
        var lists = lines.Where(l => l.Words.Length > 1 && l.Words[1] == "=").Select(l => $"{l.Package}.{l.Words[0]}").ToHashSet(StringComparer.Ordinal);
        return lines.ToFrozenDictionary(
            line => $"{line.Package}.{line.Words[0]}",
            line => line.Words.Skip(1).Where(word => word != "=").Select(word => Parse(word, line.Package)).ToFrozenDictionary(f => f.Number, f => f.Field),
            StringComparer.Ordinal);

        (int Number, MessageField Field) Parse(string word, string package)
        {
            var parts = word.Split(':');
            var (shape, type) = parts[2] switch
            {
                ['[', ']', .. var element] => (MessageField.Shapes.Repeated, element),
                ['{', '}', .. var value] => (MessageField.Shapes.Map, value),
                ['>', .. var part] => (MessageField.Shapes.Inline, part),
                var plain => (MessageField.Shapes.One, plain),
            };
            var field = new MessageField(parts[0], shape, type, parts[1].EndsWith('?'));
            var whole = field.IsScalar || type.Contains('.') ? type : $"{package}.{type}";
            return (int.Parse(parts[1].TrimEnd('?'), CultureInfo.InvariantCulture), field with { Type = lists.Contains(whole) ? $"[]{whole}" : whole });
        }
    }
}

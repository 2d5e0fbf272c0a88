using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>Writes JSON as YAML in the form that upstream's answers have: members by name, lists not indented, texts of several lines as blocks.</summary>
public static class JsonYaml
{
    /// <param name="json">One document.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static byte[] Convert(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024).WithoutAnchorName());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(emitter, document.RootElement);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(Emitter emitter, JsonElement node)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Object:
                var members = node.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).ToList();
                emitter.Emit(new MappingStart(default, default, isImplicit: true, members.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var member in members)
                {
                    emitter.Emit(Text(member.Name, mayBeBlock: false));
                    Write(emitter, member.Value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(default, default, isImplicit: true, node.GetArrayLength() == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in node.EnumerateArray())
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(node.GetString()!, mayBeBlock: true));
                break;
            default:
                emitter.Emit(new Scalar(default, default, node.GetRawText(), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    private static Scalar Text(string text, bool mayBeBlock)
    {
        var isPlain = text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0;
        var style = mayBeBlock && !isPlain && IsBlock(text) ? ScalarStyle.Literal : !isPlain || LooksLikeAnotherType(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;
        return new Scalar(default, default, text, style, isPlainImplicit: true, isQuotedImplicit: true);
    }

    /// <summary>Lines of text; what else is below the space, and lines of nothing, only quotes keep.</summary>
    private static bool IsBlock(string text) => !string.IsNullOrWhiteSpace(text) && !text.Any(static letter => letter is < ' ' and not '\n');

    /// <summary>Also what only readers of YAML 1.1 take for something else: times, numbers to the base of 60, and a merge.</summary>
    private static bool LooksLikeAnotherType(string text) =>
        text is "" or "y" or "Y" or "n" or "N" or "=" or "<<"
        || YamlScalars.ToJson(new Scalar(default, default, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false))?.GetValueKind() != JsonValueKind.String
        || (text.AsSpan().IndexOfAnyExcept("0123456789:-+._TZtzeE ") < 0 && text.AsSpan().IndexOfAny(":-_eE") >= 0 && char.IsAsciiDigit(text.AsSpan().TrimStart("-+.")is [var first, ..] ? first : ' '));
}

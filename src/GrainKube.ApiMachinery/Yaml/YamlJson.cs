using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>Rewrites one YAML document as JSON, with the core schema's rules for plain scalars.</summary>
public static class YamlJson
{
    private const int MaxNodes = 1_000_000;
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ApiException">400: the text is no YAML, or aliases blow it up.</exception>
    public static byte[] Convert(byte[] yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(Encoding.UTF8.GetString(yaml)));
            var left = MaxNodes;
            var node = stream.Documents.Count == 0 ? null : ToJson(stream.Documents[0].RootNode, ref left, depth: 0);
            return node is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(node, Relaxed);
        }
        catch (Exception error) when (error is YamlException or ArgumentException)
        {
            throw ApiException.BadRequest($"error converting YAML to JSON: yaml: {error.Message}");
        }
    }

    private static JsonNode? ToJson(YamlNode node, ref int left, int depth)
    {
        if (--left < 0 || depth > 500)
        {
            throw ApiException.BadRequest("error converting YAML to JSON: yaml: document contains excessive aliasing");
        }

        switch (node)
        {
            case YamlMappingNode map:
                var made = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    made[((YamlScalarNode)key).Value ?? ""] = ToJson(value, ref left, depth + 1);
                }

                return made;
            case YamlSequenceNode list:
                var items = new JsonArray();
                foreach (var item in list.Children)
                {
                    items.Add(ToJson(item, ref left, depth + 1));
                }

                return items;
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw ApiException.BadRequest($"error converting YAML to JSON: yaml: unexpected {node.NodeType}");
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || scalar.Tag == "tag:yaml.org,2002:str")
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
            _ => Number(text),
        };
    }

    private static JsonNode Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            // YAML 1.1 reads a leading zero as octal, as upstream's library does.
            var digits = text.TrimStart('-', '+');
            return digits.Length > 1 && digits[0] == '0'
                ? digits.All(c => c is >= '0' and <= '7') ? System.Convert.ToInt64(digits, 8) * (text[0] == '-' ? -1 : 1) : text
                : whole;
        }

        if (text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }

        return char.IsAsciiDigit(text[^1]) && (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : text;
    }
}

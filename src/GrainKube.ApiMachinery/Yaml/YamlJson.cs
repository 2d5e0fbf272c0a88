using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>Rewrites one YAML document as JSON, with the core schema's rules for plain scalars.</summary>
public static class YamlJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ApiException">400: the text is no YAML, is nested too deeply, or aliases blow it up.</exception>
    public static byte[] Convert(byte[] yaml)
    {
        try
        {
            // Read event by event: a tree built by recursion would let a text of brackets overflow the stack.
            var node = new YamlDocument(new Parser(new StringReader(Encoding.UTF8.GetString(yaml)))).Read();
            return node is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(node, Relaxed);
        }
        catch (Exception error) when (error is YamlException or ArgumentException or InvalidOperationException)
        {
            // The library's scanner is not always in the state that it expects, either.
            throw ApiException.BadRequest($"error converting YAML to JSON: yaml: {error.Message}");
        }
    }

    internal static JsonNode? Value(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || IsText(scalar.Tag))
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

    private static bool IsText(TagName tag) => !tag.IsEmpty && tag.Value == "tag:yaml.org,2002:str";

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

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using YamlDotNet.Core;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>Rewrites one YAML document as JSON, with the core schema's rules for plain scalars.</summary>
public static class YamlJson
{
    // What the reader lets through can be written; how deep an object may be, whoever decodes it says.
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = YamlReader.MaximumDepth + 1 };

    /// <summary>Of keys that come twice in a map the last counts.</summary>
    /// <exception cref="ApiException">400: the text is no YAML, or aliases blow it up.</exception>
    public static byte[] Convert(byte[] yaml) => Convert(yaml, out _);

    /// <param name="yaml">The text.</param>
    /// <param name="duplicates">The keys that come twice, as one error in upstream's words; null where there are none.</param>
    /// <exception cref="ApiException">400: the text is no YAML, or aliases blow it up.</exception>
    public static byte[] Convert(byte[] yaml, out string? duplicates)
    {
        try
        {
            var reader = new YamlReader(new Parser(new StringReader(Encoding.UTF8.GetString(yaml))));
            var node = reader.Read();
            duplicates = reader.Duplicates.Count == 0 ? null : "yaml: unmarshal errors:\n  " + string.Join("\n  ", reader.Duplicates);
            return node is null ? "null"u8.ToArray() : JsonSerializer.SerializeToUtf8Bytes(node, Relaxed);
        }
        catch (Exception error) when (error is YamlException or ArgumentException or InvalidOperationException)
        {
            // The library's scanner is not always in the state that it expects, either.
            throw ApiException.BadRequest($"error converting YAML to JSON: yaml: {error.Message}");
        }
    }
}

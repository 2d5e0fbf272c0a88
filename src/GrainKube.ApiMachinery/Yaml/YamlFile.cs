using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;

namespace GrainKube.ApiMachinery.Yaml;

/// <summary>A configuration file, in YAML or JSON.</summary>
public static class YamlFile
{
    /// <param name="content">What the file holds.</param>
    /// <param name="failure">What to say before the reason where it cannot be read, without a colon.</param>
    /// <exception cref="FormatException">It is no YAML, or no object.</exception>
    public static JsonObject Parse(byte[] content, string failure)
    {
        try
        {
            return JsonNode.Parse(YamlJson.Convert(content)) as JsonObject ?? throw new FormatException($"{failure}: no object");
        }
        catch (Exception malformed) when (malformed is ApiException or JsonException)
        {
            throw new FormatException($"{failure}: {malformed.Message}", malformed);
        }
    }
}

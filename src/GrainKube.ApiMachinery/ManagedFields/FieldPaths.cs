using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Paths as people read them: <c>.spec.containers[name="web"].image</c>.</summary>
internal static class FieldPaths
{
    public static string Show(IEnumerable<string> path)
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            text.Append(Show(step));
        }

        return text.ToString();
    }

    public static string Show(string step) => step[0] switch
    {
        'f' => "." + step[2..],
        'v' => $"[={step[2..]}]",
        'i' => $"[{step[2..]}]",
        _ => Keys(step[2..]),
    };

    private static string Keys(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject keys ? $"[{string.Join(',', keys.Select(k => $"{k.Key}={k.Value?.ToJsonString()}"))}]" : $"[{json}]";
        }
        catch (JsonException)
        {
            return $"[{json}]";
        }
    }
}

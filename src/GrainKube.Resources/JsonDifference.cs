using System.Text;
using System.Text.Json.Nodes;

namespace GrainKube.Resources;

/// <summary>Tells a user what an update would change that it may not.</summary>
internal static class JsonDifference
{
    /// <summary>Lines with a minus for what was, and a plus for what was asked for; a member each.</summary>
    public static string Of(JsonObject before, JsonObject changed)
    {
        var text = new StringBuilder();
        foreach (var field in before.Select(p => p.Key).Union(changed.Select(p => p.Key)))
        {
            if (!JsonNode.DeepEquals(before[field], changed[field]))
            {
                Line('-', field, before[field]);
                Line('+', field, changed[field]);
            }
        }

        return text.ToString();

        void Line(char sign, string field, JsonNode? value)
        {
            if (value is not null)
            {
                text.Append(sign).Append(' ').Append(field).Append(": ").Append(value.ToJsonString()).Append('\n');
            }
        }
    }
}

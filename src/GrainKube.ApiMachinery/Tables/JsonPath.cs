using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Tables;

/// <summary>
/// The JSONPath of printer columns and selectable fields: <c>.spec.replicas</c>, <c>.items[0]</c>, <c>[*]</c>, <c>['a.b']</c>, <c>\.</c> in names and
/// <c>[?(@.type=="Ready")]</c>.
/// </summary>
public sealed class JsonPath
{
    private readonly List<Func<JsonNode, IEnumerable<JsonNode?>>> steps = [];

    private JsonPath()
    {
    }

    /// <exception cref="FormatException">No path.</exception>
    public static JsonPath Parse(string text)
    {
        var made = new JsonPath();
        var i = text.StartsWith('$') ? 1 : 0;
        while (i < text.Length)
        {
            i = text[i] switch
            {
                '.' => made.Field(text, i + 1),
                '[' => made.Bracket(text, i + 1),
                _ when i == 0 => made.Field(text, 0),
                _ => throw new FormatException($"unexpected character '{text[i]}' at {i}"),
            };
        }

        return made;
    }

    /// <summary>Everything that the path finds.</summary>
    public IReadOnlyList<JsonNode?> Find(JsonNode root)
    {
        IEnumerable<JsonNode?> found = [root];
        foreach (var step in steps)
        {
            found = found.Where(n => n is not null).SelectMany(n => step(n!)).ToList();
        }

        return [.. found];
    }

    private int Field(string text, int start)
    {
        var name = new StringBuilder();
        var i = start;
        for (; i < text.Length && text[i] is not ('.' or '['); i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            name.Append(text[i]);
        }

        if (name.Length > 0)
        {
            Member(name.ToString());
        }
        else if (i < text.Length && text[i] == '.')
        {
            throw new FormatException("recursive descent is not supported");
        }

        return i;
    }

    private void Member(string name)
    {
        if (name == "*")
        {
            All();
        }
        else
        {
            steps.Add(n => n is JsonObject item && item.TryGetPropertyValue(name, out var value) ? [value] : []);
        }
    }

    private void All() => steps.Add(n => n switch { JsonArray list => list, JsonObject item => item.Select(p => p.Value), _ => [] });

    private int Bracket(string text, int start)
    {
        var end = End(text, start);
        var inside = text[start..end].Trim();
        if (inside == "*")
        {
            All();
        }
        else if (inside.Length >= 2 && inside[0] is '\'' or '"')
        {
            Member(inside[1..^1]);
        }
        else if (inside.StartsWith("?(", StringComparison.Ordinal) && inside.EndsWith(')'))
        {
            Filter(inside[2..^1]);
        }
        else if (int.TryParse(inside, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            steps.Add(n => n is JsonArray list && (index < 0 ? list.Count + index : index) is var at && at >= 0 && at < list.Count ? [list[at]] : []);
        }
        else if (inside.Split(':') is [var from, var to])
        {
            var (low, high) = (Bound(from, 0), Bound(to, int.MaxValue));
            steps.Add(n => n is JsonArray list ? list.Take(high).Skip(low) : []);
        }
        else
        {
            throw new FormatException($"invalid array index {inside}");
        }

        return end + 1;
    }

    private static int Bound(string text, int absent) =>
        text.Length == 0 ? absent : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) ? bound : throw new FormatException($"invalid array index {text}");

    private static int End(string text, int start)
    {
        char quote = default;
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (quote != default)
            {
                quote = text[i] == quote ? default : quote;
            }
            else if (text[i] is '\'' or '"')
            {
                quote = text[i];
            }
            else if (text[i] == '[')
            {
                depth++;
            }
            else if (text[i] == ']' && depth-- == 0)
            {
                return i;
            }
        }

        throw new FormatException("unterminated array");
    }

    private void Filter(string expression)
    {
        foreach (var sign in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            var at = expression.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            var (path, wanted) = (Parse(expression[..at].Trim().TrimStart('@')), Literal(expression[(at + sign.Length)..].Trim()));
            steps.Add(n => Elements(n).Where(e => e is not null && path.Find(e) is [var found, ..] && Holds(found, sign, wanted)));
            return;
        }

        var present = Parse(expression.Trim().TrimStart('@'));
        steps.Add(n => Elements(n).Where(e => e is not null && present.Find(e).Count > 0));
    }

    private static IEnumerable<JsonNode?> Elements(JsonNode node) => node switch { JsonArray list => list, JsonObject item => item.Select(p => p.Value), _ => [] };

    private static string Literal(string text) => text.Length >= 2 && text[0] is '\'' or '"' ? text[1..^1] : text;

    private static bool Holds(JsonNode? found, string sign, string wanted)
    {
        var text = found is JsonValue value && value.TryGetValue<string>(out var own) ? own : found?.ToJsonString() ?? "";
        var order = double.TryParse(text, CultureInfo.InvariantCulture, out var left) && double.TryParse(wanted, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : string.CompareOrdinal(text, wanted);
        return sign switch { "==" => order == 0, "!=" => order != 0, "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
    }
}

using System.Text;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Fuzz.Tests.Cases;

/// <summary>JSON of any kind: by a schema, without one, and damaged.</summary>
internal sealed class RandomJson(FuzzRandom random)
{
    private const int Deepest = 9;

    /// <summary>Any value.</summary>
    public JsonNode? Any(int depth = 0) => random.Below(depth > 3 ? 6 : 8) switch
    {
        0 => null,
        1 => random.Chance(0.5),
        2 => random.Integer(),
        3 => random.Pick(0.5, -1e300, 1e-300, 3.0),
        4 or 5 => random.Text(),
        6 => new JsonArray([.. Enumerable.Range(0, random.Below(4)).Select(_ => Any(depth + 1))]),
        _ => Members(random.Below(4), () => Any(depth + 1)),
    };

    /// <summary>A value that a schema allows, more or less: some members, now and then one of another type.</summary>
    public JsonNode? Of(Schema schema, int depth = 0)
    {
        if (depth > Deepest || random.Chance(0.015))
        {
            return Any(depth);
        }

        if (schema.Enum.Count > 0 && random.Chance(0.9))
        {
            return random.PickFrom(schema.Enum);
        }

        return schema.Type switch
        {
            SchemaType.Boolean => random.Chance(0.5),
            SchemaType.Integer => random.Chance(0.7) ? random.Below(100) : random.Integer(),
            SchemaType.Number => random.Chance(0.5) ? random.Below(100) : 0.5,
            SchemaType.String => Text(schema),
            SchemaType.Array when schema.Items is { } items => new JsonArray([.. Enumerable.Range(0, random.Below(3)).Select(_ => Of(items, depth + 1))]),
            SchemaType.Object when schema.AdditionalProperties is { } values => Members(random.Below(3), () => Of(values, depth + 1)),
            SchemaType.Object when schema.Properties.Count > 0 => Object(schema, depth),
            _ => random.Chance(0.5) ? random.Text() : Any(depth + 1),
        };
    }

    /// <summary>One change somewhere in a tree.</summary>
    public void Mutate(JsonNode root)
    {
        var at = root;
        while (random.Chance(0.8) && Children(at) is { Count: > 0 } children && random.PickFrom(children) is { } child)
        {
            at = child;
        }

        switch (at)
        {
            case JsonObject item when item.Count > 0 && random.Chance(0.6):
                var name = random.PickFrom([.. item.Select(p => p.Key)]);
                _ = random.Chance(0.3) ? item.Remove(name) : (item[name] = Any()) is null;
                break;
            case JsonObject item:
                item[random.Text()] = Any();
                break;
            case JsonArray list when list.Count > 0 && random.Chance(0.5):
                list.Add(list[random.Below(list.Count)]?.DeepClone());
                break;
            case JsonArray list:
                list.Add(Any());
                break;
            default:
                at.ReplaceWith(Any());
                break;
        }
    }

    /// <summary>The text of a tree, damaged now and then: cut, a byte turned, a member twice, nested beyond measure.</summary>
    public byte[] Bytes(JsonNode? tree)
    {
        var text = tree?.ToJsonString() ?? "null";
        if (random.Chance(0.03))
        {
            text = text.Replace("\"metadata\":", "\"metadata\":{\"name\":\"twice\"},\"metadata\":", StringComparison.Ordinal);
        }

        if (random.Chance(0.01))
        {
            var deep = random.Below(12_000);
            text = random.Chance(0.5) ? new string('[', deep) : string.Concat(Enumerable.Repeat("{\"a\":", deep)) + "1" + new string('}', deep);
        }

        if (random.Chance(0.03) && text.IndexOf('"', random.Below(text.Length)) is > 0 and var quote)
        {
            text = text.Insert(quote + 1, random.Pick("\\ud800", "\\udc00a", "\\u0000", "\\x", "\\"));
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Chance(0.05))
        {
            bytes = bytes[..random.Below(bytes.Length + 1)];
        }

        if (random.Chance(0.05) && bytes.Length > 0)
        {
            bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
        }

        return bytes;
    }

    private JsonObject Object(Schema schema, int depth)
    {
        var made = new JsonObject();
        var share = depth < 2 ? 0.7 : 0.25;
        foreach (var (name, member) in schema.Properties)
        {
            if (random.Chance(schema.Required.Contains(name) ? 0.95 : share))
            {
                made[name] = Of(member, depth + 1);
            }
        }

        return made;
    }

    private string Text(Schema schema) => schema.Format switch
    {
        _ when random.Chance(0.4) => random.Text(),
        "date-time" or "micro-time" => "2024-01-01T00:00:00Z",
        "quantity" => random.Pick("1", "100m", "1Gi", "0.5"),
        "byte" => "AA==",
        _ => random.Name(),
    };

    private JsonObject Members(int count, Func<JsonNode?> value)
    {
        var made = new JsonObject();
        for (var i = 0; i < count; i++)
        {
            made[random.Chance(0.5) ? random.Name() : random.Text()] = value();
        }

        return made;
    }

    private static List<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonObject item => [.. item.Select(p => p.Value)],
        JsonArray list => [.. list],
        _ => [],
    };
}

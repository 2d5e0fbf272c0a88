using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>Between JSON and values. With a schema, formats such as <c>date-time</c>, <c>duration</c> and <c>byte</c> become values of their own type, as in rules of custom resources.</summary>
public static class CelJson
{
    /// <param name="node">Wrapped, not copied; it must not change while the value is used.</param>
    /// <param name="schema">Null: whole numbers are ints, other numbers doubles, texts strings.</param>
    public static CelValue Read(JsonNode? node, Schema? schema = null) => node switch
    {
        null => CelValue.Null,
        JsonObject map => CelValue.Of(new JsonMap(map, schema)),
        JsonArray list => CelValue.Of(new JsonList(list, schema)),
        JsonValue value => Scalar(value, schema),
        _ => CelValue.Null,
    };

    /// <summary>What the value is in JSON. Null where it has no form there (a type, an opaque value).</summary>
    /// <param name="value">The value.</param>
    /// <param name="node">Its JSON; a new tree.</param>
    /// <returns>False where there is none.</returns>
    public static bool TryWrite(CelValue value, out JsonNode? node)
    {
        node = null;
        switch (value.Kind)
        {
            case CelKind.Null:
                return true;
            case CelKind.Bool:
                node = JsonValue.Create(value.AsBool);
                return true;
            case CelKind.Int:
                node = JsonValue.Create(value.AsInt);
                return true;
            case CelKind.Uint:
                node = JsonValue.Create(value.AsUint);
                return true;
            case CelKind.Double when double.IsFinite(value.AsDouble):
                node = JsonValue.Create(value.AsDouble);
                return true;
            case CelKind.String:
                node = JsonValue.Create(value.AsString);
                return true;
            case CelKind.Bytes:
                node = JsonValue.Create(Convert.ToBase64String(value.AsBytes));
                return true;
            case CelKind.Timestamp or CelKind.Duration:
                node = JsonValue.Create(Printing.CelPrinter.Plain(value));
                return true;
            case CelKind.List:
                return TryList(value.AsList, out node);
            case CelKind.Map:
                return TryMap(value.AsMap, out node);
            default:
                return false;
        }
    }

    private static bool TryList(CelList list, out JsonNode? node)
    {
        node = null;
        var array = new JsonArray();
        for (var i = 0; i < list.Count; i++)
        {
            if (!TryWrite(list[i], out var element))
            {
                return false;
            }

            array.Add(element);
        }

        node = array;
        return true;
    }

    private static bool TryMap(CelMap map, out JsonNode? node)
    {
        node = null;
        var made = new JsonObject();
        foreach (var key in map.Keys)
        {
            if (!map.TryGet(key, out var value) || !TryWrite(value, out var inner))
            {
                return false;
            }

            made[Printing.CelPrinter.Plain(key)] = inner;
        }

        node = made;
        return true;
    }

    private static CelValue Scalar(JsonValue value, Schema? schema)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                return CelValue.True;
            case JsonValueKind.False:
                return CelValue.False;
            case JsonValueKind.String:
                return Text(value.GetValue<string>(), schema);
            case JsonValueKind.Number:
                return Number(value, schema);
            default:
                return CelValue.Null;
        }
    }

    private static CelValue Number(JsonValue value, Schema? schema)
    {
        if (schema is not { Type: SchemaType.Number })
        {
            if (value.TryGetValue(out long whole))
            {
                return CelValue.Of(whole);
            }

            if (value.TryGetValue(out int small))
            {
                return CelValue.Of((long)small);
            }
        }

        if (value.TryGetValue(out double number))
        {
            return CelValue.Of(number);
        }

        return double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? CelValue.Of(number) : CelValue.Null;
    }

    private static CelValue Text(string text, Schema? schema)
    {
        if (schema is not { Type: SchemaType.String, Format: { } format })
        {
            return CelValue.Of(text);
        }

        switch (format)
        {
            case "date-time" when Library.Times.TryTimestamp(text, out var moment):
                return CelValue.Of(moment);
            case "date" when Library.Times.TryTimestamp(text + "T00:00:00Z", out var day):
                return CelValue.Of(day);
            case "duration" when Library.Times.TryDuration(text, out var duration):
                return CelValue.OfDuration(duration);
            case "byte":
                var bytes = new byte[text.Length];
                return Convert.TryFromBase64String(text, bytes, out var length) ? CelValue.Of(bytes[..length]) : CelValue.Of(text);
            default:
                return CelValue.Of(text);
        }
    }
}

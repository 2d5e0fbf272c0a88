using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>How elements of lists are told apart, and which places are owned as one value.</summary>
internal static class ListSteps
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int LongestOnStack = 256;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? keys;

    /// <summary>True where the value is owned as a whole: scalars, atomic maps and lists, and lists that say nothing.</summary>
    public static bool IsLeaf(JsonNode? value, Schema? schema) => value switch
    {
        JsonObject => schema?.AtomicMap == true,
        JsonArray => schema is not { ListType: ListType.Map or ListType.Set },
        _ => true,
    };

    public static Schema? Field(Schema? schema, string name) =>
        schema is null ? null : schema.Properties.TryGetValue(name, out var field) ? field : schema.AdditionalProperties;

    /// <summary>A place that is a field of a struct: it comes and goes with what is in it.</summary>
    public static bool IsStruct(Schema? schema) => schema is { Properties.Count: > 0 };

    /// <summary>The step to an element.</summary>
    /// <exception cref="FormatException">The element lacks a key.</exception>
    public static string StepOf(JsonNode? element, Schema list)
    {
        if (list.ListType == ListType.Set)
        {
            return "v:" + Canonical(element);
        }

        if (element is not JsonObject item)
        {
            throw new FormatException(element is null ? "associative list with keys may not have a null element" : "associative list with keys may not have non-map elements");
        }

        if (list.ListMapKeys.Count == 1 && item[list.ListMapKeys[0]] is JsonValue only && only.TryGetValue<string>(out var plain) && plain.AsSpan().IndexOfAny('"', '\\') < 0 && Ascii.IsValid(plain))
        {
            Span<char> text = stackalloc char[LongestOnStack];
            return text.TryWrite($"k:{{\"{list.ListMapKeys[0]}\":\"{plain}\"}}", out var length) ? Utf8Interner.Get(text[..length]) : $"k:{{\"{list.ListMapKeys[0]}\":\"{plain}\"}}";
        }

        return ByKeys(item, list);
    }

    private static string ByKeys(JsonObject item, Schema list)
    {
        var output = buffer ??= new ArrayBufferWriter<byte>(LongestOnStack);
        output.ResetWrittenCount();
        var writer = keys ??= new Utf8JsonWriter(output, Compact);
        writer.Reset(output);
        writer.WriteStartObject();
        var any = false;
        foreach (var key in list.SortedMapKeys)
        {
            if (item.TryGetPropertyValue(key, out var value) && value is not null)
            {
                any = true;
            }
            else if (Field(list.Items, key)?.Default is { } implied)
            {
                value = implied;
            }
            else
            {
                continue;
            }

            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.Flush();
        if (!any)
        {
            throw new FormatException($"associative list with keys has an element that omits all key fields [{string.Join(" ", list.ListMapKeys.Select(k => $"\"{k}\""))}] (and doesn't have default values for any key fields)");
        }

        Span<char> text = stackalloc char[LongestOnStack];
        "k:".CopyTo(text);
        return Encoding.UTF8.TryGetChars(output.WrittenSpan, text[2..], out var length) ? Utf8Interner.Get(text[..(length + 2)]) : "k:" + Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The elements by their steps; of those that come twice, as old objects may have them, the first. Elements without a step are left out.</summary>
    public static Dictionary<string, JsonNode?> ByStep(JsonArray? list, Schema schema)
    {
        var result = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var element in list ?? [])
        {
            if (TryStepOf(element, schema) is { } step)
            {
                result.TryAdd(step, element);
            }
        }

        return result;
    }

    public static string? TryStepOf(JsonNode? element, Schema schema)
    {
        try
        {
            return StepOf(element, schema);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Canonical(JsonNode? value) => value is null ? "null" : JsonSerializer.Serialize(value, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

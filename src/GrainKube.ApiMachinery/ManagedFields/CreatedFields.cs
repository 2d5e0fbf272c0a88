using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>
/// What the creator of an object owns, written in one pass: the same as comparing it with nothing, without sets in between. Every create by a client pays for this.
/// </summary>
internal static class CreatedFields
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>So few elements are compared with each other.</summary>
    private const int Few = 4;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? spare;

    /// <param name="item">The new object.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="isOwned">Whether a field of the object itself, or (second argument true) of its metadata, can be owned.</param>
    /// <returns>The <c>fieldsV1</c>, or null where there is nothing to own.</returns>
    public static JsonNode? Of(JsonObject item, Schema schema, Func<string, bool, bool> isOwned)
    {
        var output = buffer ??= new ArrayBufferWriter<byte>(4096);
        output.ResetWrittenCount();
        var writer = spare ??= new Utf8JsonWriter(output, Compact);
        writer.Reset(output);
        writer.WriteStartObject();
        for (var i = 0; i < item.Count; i++)
        {
            var (name, value) = item.GetAt(i);
            if (value is null || !isOwned(name, false))
            {
                continue;
            }

            var field = ListSteps.Field(schema, name);
            if (name != "metadata")
            {
                Start(writer, name);
                Write(writer, value, field, isElement: false);
            }
            else if (value is JsonObject metadata)
            {
                WriteMetadata(writer, metadata, field, isOwned);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenCount <= 2 ? null : RawJson.Of(output.WrittenSpan);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonObject metadata, Schema? schema, Func<string, bool, bool> isOwned)
    {
        var any = false;
        for (var i = 0; i < metadata.Count; i++)
        {
            var (name, value) = metadata.GetAt(i);
            if (value is null || !isOwned(name, true))
            {
                continue;
            }

            if (!any)
            {
                any = true;
                writer.WriteStartObject("f:metadata"u8);
            }

            Start(writer, name);
            Write(writer, value, ListSteps.Field(schema, name), isElement: false);
        }

        if (any)
        {
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes what is owned below a place whose object was opened, and closes it.</summary>
    private static void Write(Utf8JsonWriter writer, JsonNode? value, Schema? schema, bool isElement)
    {
        if (!ListSteps.IsLeaf(value, schema))
        {
            if (value is JsonObject fields)
            {
                Fields(writer, fields, schema, isElement);
            }
            else
            {
                Elements(writer, (JsonArray)value!, schema!);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Of elements that come twice, as old objects may have them, the first counts; those without a step are left out.</summary>
    private static void Elements(Utf8JsonWriter writer, JsonArray list, Schema schema)
    {
        var wantsSelf = true;
        var seen = list.Count > Few ? new HashSet<string>(list.Count, StringComparer.Ordinal) : null;
        for (var i = 0; i < list.Count; i++)
        {
            if (ListSteps.TryStepOf(list[i], schema) is { } step && (seen?.Add(step) ?? !IsBefore(list, i, step, schema)))
            {
                Self(writer, wantsSelf);
                wantsSelf = false;
                writer.WriteStartObject(step);
                Write(writer, list[i], schema.Items, isElement: true);
            }
        }
    }

    private static bool IsBefore(JsonArray list, int end, string step, Schema schema)
    {
        for (var i = 0; i < end; i++)
        {
            if (ListSteps.TryStepOf(list[i], schema) == step)
            {
                return true;
            }
        }

        return false;
    }

    private static void Fields(Utf8JsonWriter writer, JsonObject fields, Schema? schema, bool isElement)
    {
        var wantsSelf = isElement || !ListSteps.IsStruct(schema);
        for (var i = 0; i < fields.Count; i++)
        {
            var (name, inner) = fields.GetAt(i);
            if (inner is null)
            {
                continue;
            }

            Self(writer, wantsSelf);
            wantsSelf = false;
            Start(writer, name);
            Write(writer, inner, ListSteps.Field(schema, name), isElement: false);
        }
    }

    private static void Start(Utf8JsonWriter writer, string field)
    {
        const int longest = 128;
        if (field.Length > longest)
        {
            writer.WriteStartObject("f:" + field);
            return;
        }

        Span<char> step = stackalloc char[longest + 2];
        "f:".CopyTo(step);
        field.CopyTo(step[2..]);
        writer.WriteStartObject(step[..(field.Length + 2)]);
    }

    // An empty object says by itself that the place is a member.
    private static void Self(Utf8JsonWriter writer, bool isMember)
    {
        if (isMember)
        {
            writer.WriteStartObject("."u8);
            writer.WriteEndObject();
        }
    }
}

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

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    /// <param name="item">The new object.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="isOwned">Whether a field of the object itself, or (second argument true) of its metadata, can be owned.</param>
    /// <returns>The <c>fieldsV1</c>, or null where there is nothing to own.</returns>
    public static JsonNode? Of(JsonObject item, Schema schema, Func<string, bool, bool> isOwned)
    {
        var output = buffer ??= new ArrayBufferWriter<byte>(4096);
        output.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in item)
            {
                if (value is not null && isOwned(name, false))
                {
                    var field = ListSteps.Field(schema, name);
                    if (name != "metadata")
                    {
                        Write(writer, "f:" + name, value, field, isElement: false);
                    }
                    else if (value is JsonObject metadata && metadata.Any(m => m.Value is not null && isOwned(m.Key, true)))
                    {
                        writer.WriteStartObject("f:metadata");
                        foreach (var (member, inner) in metadata)
                        {
                            if (inner is not null && isOwned(member, true))
                            {
                                Write(writer, "f:" + member, inner, ListSteps.Field(field, member), isElement: false);
                            }
                        }

                        writer.WriteEndObject();
                    }
                }
            }

            writer.WriteEndObject();
        }

        return output.WrittenCount <= 2 ? null : JsonNode.Parse(output.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string step, JsonNode? value, Schema? schema, bool isElement)
    {
        writer.WriteStartObject(step);
        if (!ListSteps.IsLeaf(value, schema))
        {
            if (value is JsonObject fields)
            {
                var any = fields.Count > 0 && fields.Any(f => f.Value is not null);
                Self(writer, any && (isElement || !ListSteps.IsStruct(schema)));
                foreach (var (name, inner) in fields)
                {
                    if (inner is not null)
                    {
                        Write(writer, "f:" + name, inner, ListSteps.Field(schema, name), isElement: false);
                    }
                }
            }
            else
            {
                var elements = ListSteps.ByStep((JsonArray)value!, schema!);
                Self(writer, elements.Count > 0);
                foreach (var (inner, element) in elements)
                {
                    Write(writer, inner, element, schema!.Items, isElement: true);
                }
            }
        }

        writer.WriteEndObject();
    }

    // An empty object says by itself that the place is a member.
    private static void Self(Utf8JsonWriter writer, bool isMember)
    {
        if (isMember)
        {
            writer.WriteStartObject(".");
            writer.WriteEndObject();
        }
    }
}

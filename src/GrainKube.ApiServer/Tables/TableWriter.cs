using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Tables;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Negotiation;

namespace GrainKube.ApiServer.Tables;

/// <summary>Writes objects as a <c>meta.k8s.io Table</c>, which <c>kubectl get</c> prints as it is.</summary>
internal sealed class TableWriter(Shape shape, IColumns columns, IncludeObject include, Func<KubeObject, ReadOnlyMemory<byte>> json, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The whole table.</summary>
    /// <param name="items">One row each.</param>
    /// <param name="head">The list's metadata.</param>
    /// <param name="withColumns">False leaves the headings out, as in all events of a watch but the first.</param>
    public byte[] Whole(IReadOnlyList<KubeObject> items, ListHead head, bool withColumns = true)
    {
        var buffer = new ArrayBufferWriter<byte>(512 + (items.Count * 1024));
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "Table");
            writer.WriteString("apiVersion", shape.MetaApiVersion);
            WriteHead(writer, head);
            writer.WritePropertyName("columnDefinitions");
            WriteColumns(writer, withColumns);
            writer.WriteStartArray("rows");
            foreach (var item in items)
            {
                WriteRow(writer, item);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteHead(Utf8JsonWriter writer, ListHead head)
    {
        writer.WriteStartObject("metadata");
        if (head.Revision > 0)
        {
            writer.WriteString("resourceVersion", head.Revision.ToString(CultureInfo.InvariantCulture));
        }

        if (head.Continue.Length > 0)
        {
            writer.WriteString("continue", head.Continue);
        }

        if (head.Remaining is { } remaining)
        {
            writer.WriteNumber("remainingItemCount", remaining);
        }

        writer.WriteEndObject();
    }

    private void WriteColumns(Utf8JsonWriter writer, bool withColumns)
    {
        if (!withColumns)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var column in columns.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type);
            writer.WriteString("format", column.Format);
            writer.WriteString("description", column.Description);
            writer.WriteNumber("priority", column.Priority);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter writer, KubeObject item)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("cells");
        foreach (var cell in columns.Cells(item, now))
        {
            WriteCell(writer, cell);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("object");
        switch (include)
        {
            case IncludeObject.Object:
                writer.WriteRawValue(json(item).Span, skipInputValidation: true);
                break;
            case IncludeObject.Metadata:
                writer.WriteRawValue(PartialMetadata.Of(item.Json, shape.Meta), skipInputValidation: true);
                break;
            default:
                writer.WriteNullValue();
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter writer, object? cell)
    {
        switch (cell)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool yes:
                writer.WriteBooleanValue(yes);
                break;
            case int or long or short or byte or uint:
                writer.WriteNumberValue(Convert.ToInt64(cell, CultureInfo.InvariantCulture));
                break;
            case double real:
                writer.WriteNumberValue(real);
                break;
            default:
                writer.WriteStringValue(Convert.ToString(cell, CultureInfo.InvariantCulture));
                break;
        }
    }
}

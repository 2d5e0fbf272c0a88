using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Writes;

/// <summary>Access to <c>metadata</c> in a tree.</summary>
internal static class JsonMetadata
{
    /// <summary>The metadata; made where it is absent or null.</summary>
    public static JsonObject Metadata(this JsonObject item)
    {
        if (item["metadata"] is JsonObject metadata)
        {
            return metadata;
        }

        metadata = [];
        item["metadata"] = metadata;
        return metadata;
    }

    /// <summary>A string member, empty where it is absent, null or no string.</summary>
    public static string Text(this JsonObject item, string name) =>
        item.TryGetPropertyValue(name, out var value) && value is JsonValue text && text.TryGetValue(out string? read) ? read : "";

    /// <summary>An integer member, null where it is absent or no integer.</summary>
    public static long? Integer(this JsonObject item, string name) =>
        !item.TryGetPropertyValue(name, out var value) || value is not JsonValue number ? null : number.TryGetValue(out long wide) ? wide : number.TryGetValue(out int narrow) ? narrow : null;

    /// <summary>A time member, null where it is absent or no time.</summary>
    public static DateTimeOffset? Time(this JsonObject item, string name) =>
        DateTimeOffset.TryParse(item.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>The texts of a list of strings.</summary>
    public static List<string> Texts(this JsonObject item, string name) => item[name] is JsonArray list ? [.. list.Select(e => (string)e!)] : [];

    /// <summary>A list of strings; an empty one removes the member.</summary>
    public static void SetTexts(this JsonObject item, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            item.Remove(name);
        }
        else
        {
            item[name] = new JsonArray([.. texts.Select(t => (JsonNode)t)]);
        }
    }

    public static void SetTime(this JsonObject item, string name, DateTimeOffset time) =>
        item[name] = GoTime.Format(time);

    /// <summary>Takes a member out of another tree and puts it into this one, absent included.</summary>
    public static void MoveFrom(this JsonObject item, JsonObject other, string name)
    {
        if (other.TryGetPropertyValue(name, out var value) && value is not null)
        {
            other.Remove(name);
            item[name] = value;
        }
        else
        {
            item.Remove(name);
        }
    }

    /// <summary>Makes a member what it is elsewhere, absent included.</summary>
    public static void CopyFrom(this JsonObject item, JsonObject other, string name)
    {
        if (other.TryGetPropertyValue(name, out var value) && value is not null)
        {
            item[name] = value.DeepClone();
        }
        else
        {
            item.Remove(name);
        }
    }
}

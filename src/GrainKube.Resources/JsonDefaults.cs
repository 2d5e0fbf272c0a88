using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources;

/// <summary>Puts values where there are none. An empty text counts as none, as it does upstream.</summary>
internal static class JsonDefaults
{
    public static void DefaultTo(this JsonObject item, string name, string value)
    {
        if (item.Text(name).Length == 0)
        {
            item[name] = value;
        }
    }

    /// <summary>For texts that upstream tells apart from empty ones: an empty one is left to the validator, which knows no such value.</summary>
    public static void DefaultAbsentTo(this JsonObject item, string name, string value)
    {
        if (item[name] is null)
        {
            item[name] = value;
        }
    }

    public static void DefaultTo(this JsonObject item, string name, long value)
    {
        if (item[name] is null)
        {
            item[name] = JsonNumber.Of(value);
        }
    }

    /// <summary>For numbers whose zero means absent upstream.</summary>
    public static void DefaultZeroTo(this JsonObject item, string name, long value)
    {
        if (item.Number(name) is null or 0)
        {
            item[name] = JsonNumber.Of(value);
        }
    }

    public static void DefaultTo(this JsonObject item, string name, bool value)
    {
        if (item[name] is null)
        {
            item[name] = value;
        }
    }

    /// <summary>The object below, made if it is absent.</summary>
    public static JsonObject Ensure(this JsonObject item, string name)
    {
        if (item[name] is not JsonObject inner)
        {
            item[name] = inner = [];
        }

        return inner;
    }

    public static JsonObject? Object(this JsonObject? item, string name) => item?[name] as JsonObject;

    /// <summary>The objects of a list; none where it is absent.</summary>
    public static ObjectsOf Objects(this JsonObject? item, string name) => new(item?[name] as JsonArray);

    public static string Text(this JsonObject? item, string name) => item?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static long? Number(this JsonObject? item, string name) =>
        item?[name] is not JsonValue value ? null
        : value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small : null;

    public static bool Flag(this JsonObject? item, string name) => item?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Patches;

/// <summary>
/// Kubernetes' own merge: lists of objects are merged by the key that the schema names, lists of scalars as sets where it says so, and directives
/// (<c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/…</c>, <c>$setElementOrder/…</c>) say what plain JSON cannot.
/// </summary>
public static class StrategicMergePatch
{
    internal const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeleteFromList = "$deleteFromPrimitiveList";
    private const string SetOrder = "$setElementOrder";

    /// <summary>Merges <paramref name="patch"/> into <paramref name="target"/> in place and returns the result. The patch stays as it is.</summary>
    /// <param name="target">The object; of no use after an error.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="schema">The object's schema with the patch strategies and merge keys.</param>
    /// <exception cref="ApiException">400: the patch is no object or the list of a directive is malformed; 422: a directive is unknown, a merge key is missing.</exception>
    public static JsonObject Apply(JsonObject target, JsonNode? patch, Schema schema)
    {
        if (patch is null)
        {
            return target;
        }

        if (patch is not JsonObject fields)
        {
            throw ApiException.BadRequest($"json: cannot unmarshal {GoText.KindOf(patch)} into Go value of type map[string]interface {{}}");
        }

        // The merge moves and strips parts of the patch, and a stale commit applies the same patch again.
        return Merge(target, (JsonObject)fields.DeepClone(), schema);
    }

    internal static JsonObject Merge(JsonObject target, JsonObject patch, Schema? schema)
    {
        if (patch.TryGetPropertyValue(Directive, out var directive))
        {
            switch (Text(directive))
            {
                case "replace":
                    patch.Remove(Directive);
                    return patch;
                case "delete":
                    return [];
                case "merge":
                    patch.Remove(Directive);
                    break;
                default:
                    throw ApiException.PatchDoesNotFit();
            }
        }

        ApplyRetainKeys(target, patch);
        ApplyOrderedLists(target, patch, schema);
        foreach (var (name, value) in patch.ToArray())
        {
            MergeField(target, patch, name, value, schema);
        }

        return target;
    }

    private static void MergeField(JsonObject target, JsonObject patch, string key, JsonNode? value, Schema? schema)
    {
        var name = key;
        var deletes = false;
        if (key.StartsWith(DeleteFromList, StringComparison.Ordinal))
        {
            name = ListName(key, DeleteFromList, "invalid patch format of primitive list");
            deletes = true;
        }

        patch.Remove(key);
        var field = Field(schema, name);
        switch (value)
        {
            case null:
                target.Remove(name);
                break;
            case JsonArray values when deletes && target[name] is JsonArray list:
                ListMerge.RemoveScalars(list, values);
                break;
            case JsonObject fields when target[name] is JsonObject inner && !deletes && !Says(field, "replace"):
                var merged = Merge(inner, fields, field);
                if (!ReferenceEquals(merged, inner))
                {
                    target[name] = merged;
                }

                break;
            case JsonArray elements when target[name] is JsonArray list && !deletes:
                target[name] = ListMerge.Apply(list, elements, field);
                break;
            default:
                if (!deletes)
                {
                    PutAsNew(target, name, value);
                }

                break;
        }
    }

    /// <summary>A value with nothing to merge into: nulls and directives inside it are dropped.</summary>
    private static void PutAsNew(JsonObject target, string name, JsonNode value)
    {
        DropNulls(value);
        if (DropDirectives(value))
        {
            target[name] = value;
        }
        else
        {
            target.Remove(name);
        }
    }

    private static void ApplyRetainKeys(JsonObject target, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var retain))
        {
            return;
        }

        patch.Remove(RetainKeys);
        if (retain is not JsonArray list)
        {
            throw ApiException.BadRequest("invalid patch format of retainKeys");
        }

        var kept = list.Select(Text).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in patch)
        {
            if (value is not null && !kept.Contains(name)
                && !name.StartsWith(DeleteFromList, StringComparison.Ordinal) && !name.StartsWith(SetOrder, StringComparison.Ordinal))
            {
                throw ApiException.BadRequest("invalid patch format of retainKeys");
            }
        }

        foreach (var name in target.Select(p => p.Key).Where(n => !kept.Contains(n)).ToArray())
        {
            target.Remove(name);
        }
    }

    private static void ApplyOrderedLists(JsonObject target, JsonObject patch, Schema? schema)
    {
        foreach (var (key, value) in patch.ToArray())
        {
            if (!key.StartsWith(SetOrder, StringComparison.Ordinal))
            {
                continue;
            }

            patch.Remove(key);
            var name = ListName(key, SetOrder, "invalid patch format of setElementOrder list");
            var field = Field(schema, name);
            var order = value as JsonArray ?? throw ApiException.PatchDoesNotFit();
            var changes = patch[name] as JsonArray;
            if (changes is not null)
            {
                ListOrder.Check(changes, order, field?.PatchMergeKey);
                patch.Remove(name);
            }

            var list = target[name] as JsonArray;
            if (list is null && changes is null)
            {
                continue;
            }

            var before = list?.Select(e => e?.DeepClone()).ToArray() ?? [];
            var merged = list is null ? AsNew(changes!) : changes is null ? list : ListMerge.Apply(list, changes, field);
            target[name] = ListOrder.Arrange(merged, order, before, field?.PatchMergeKey);
        }
    }

    private static JsonArray AsNew(JsonArray changes)
    {
        DropNulls(changes);
        DropDirectives(changes);
        return changes;
    }

    internal static bool Says(Schema? field, string strategy) =>
        field?.PatchStrategy is { } strategies && strategies.Split(',').Contains(strategy, StringComparer.Ordinal);

    internal static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static Schema? Field(Schema? schema, string name) =>
        schema is null ? null : schema.Properties.TryGetValue(name, out var field) ? field : schema.AdditionalProperties;

    private static string ListName(string key, string prefix, string complaint) =>
        key.Length > prefix.Length + 1 && key[prefix.Length] == '/' ? key[(prefix.Length + 1)..] : throw ApiException.BadRequest(complaint);

    internal static void DropNulls(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (name, value) in item.ToArray())
                {
                    if (value is null)
                    {
                        item.Remove(name);
                    }
                    else
                    {
                        DropNulls(value);
                    }
                }

                break;
            case JsonArray list:
                foreach (var element in list)
                {
                    DropNulls(element);
                }

                break;
        }
    }

    /// <summary>False when the value itself is nothing but a directive.</summary>
    internal static bool DropDirectives(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject item:
                if (item.ContainsKey(Directive))
                {
                    return false;
                }

                foreach (var (name, value) in item.ToArray())
                {
                    if (name is RetainKeys || name.StartsWith(SetOrder, StringComparison.Ordinal)
                        || name.StartsWith(DeleteFromList, StringComparison.Ordinal) || !DropDirectives(value))
                    {
                        item.Remove(name);
                    }
                }

                return true;
            case JsonArray list:
                for (var i = list.Count - 1; i >= 0; i--)
                {
                    if (!DropDirectives(list[i]))
                    {
                        list.RemoveAt(i);
                    }
                }

                return true;
            default:
                return true;
        }
    }

    internal static bool IsObject(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Object;
}

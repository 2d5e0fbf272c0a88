using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Patches;

/// <summary>How a strategic merge patch changes one list.</summary>
internal static class ListMerge
{
    /// <summary>The list after the patch; may be <paramref name="list"/> itself, changed.</summary>
    public static JsonArray Apply(JsonArray list, JsonArray changes, Schema? field)
    {
        if (!StrategicMergePatch.Says(field, "merge"))
        {
            return Replacement(changes);
        }

        if (changes.Any(c => !StrategicMergePatch.IsObject(c)))
        {
            return changes.Any(c => c is JsonArray)
                ? throw ApiException.PatchDoesNotFit()
                : AddScalars(list, changes);
        }

        var key = field!.PatchMergeKey;
        if (key is null)
        {
            return changes.Count == 0 ? list : throw ApiException.PatchDoesNotFit();
        }

        if (TakeReplacement(changes))
        {
            return Replacement(changes);
        }

        Delete(list, changes, key);
        foreach (var change in changes.Cast<JsonObject>().ToArray())
        {
            Merge(list, changes, change, key, field.Items);
        }

        return list;
    }

    public static void RemoveScalars(JsonArray list, JsonArray values)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (values.Any(v => JsonNode.DeepEquals(v, list[i])))
            {
                list.RemoveAt(i);
            }
        }
    }

    public static JsonNode Key(JsonNode? element, string key) =>
        (element as JsonObject)?[key] ?? throw ApiException.PatchDoesNotFit();

    public static int Find(JsonArray list, string key, JsonNode value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (JsonNode.DeepEquals(Key(list[i], key), value))
            {
                return i;
            }
        }

        return -1;
    }

    private static JsonArray Replacement(JsonArray changes)
    {
        StrategicMergePatch.DropNulls(changes);
        StrategicMergePatch.DropDirectives(changes);
        return changes;
    }

    private static JsonArray AddScalars(JsonArray list, JsonArray values)
    {
        foreach (var value in values.Where(v => !list.Any(e => JsonNode.DeepEquals(e, v))).ToArray())
        {
            list.Add(value?.DeepClone());
        }

        return list;
    }

    /// <summary>An element that is only <c>$patch: replace</c> makes the others the whole new list.</summary>
    private static bool TakeReplacement(JsonArray changes)
    {
        var marker = changes.FirstOrDefault(c => StrategicMergePatch.Text(c![StrategicMergePatch.Directive]) == "replace");
        return marker is not null && changes.Remove(marker);
    }

    private static void Delete(JsonArray list, JsonArray changes, string key)
    {
        foreach (var change in changes.Where(c => c!.AsObject().ContainsKey(StrategicMergePatch.Directive)).ToArray())
        {
            var directive = StrategicMergePatch.Text(change![StrategicMergePatch.Directive]);
            if (directive == "merge")
            {
                change.AsObject().Remove(StrategicMergePatch.Directive);
                continue;
            }

            if (directive != "delete")
            {
                throw ApiException.PatchDoesNotFit();
            }

            changes.Remove(change);
            for (var at = Find(list, key, Key(change, key)); at >= 0; at = Find(list, key, Key(change, key)))
            {
                list.RemoveAt(at);
            }
        }
    }

    private static void Merge(JsonArray list, JsonArray changes, JsonObject change, string key, Schema? element)
    {
        var at = Find(list, key, Key(change, key));
        changes.Remove(change);
        if (at < 0)
        {
            StrategicMergePatch.DropNulls(change);
            StrategicMergePatch.DropDirectives(change);
            list.Add((JsonNode)change);
            return;
        }

        var current = (JsonObject)list[at]!;
        var merged = StrategicMergePatch.Merge(current, change, element);
        if (!ReferenceEquals(merged, current))
        {
            list[at] = merged;
        }
    }
}

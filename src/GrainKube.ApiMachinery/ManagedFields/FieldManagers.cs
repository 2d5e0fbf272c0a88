using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>The list <c>metadata.managedFields</c>.</summary>
internal sealed class FieldManagers
{
    private const int MostUpdaters = 10;
    private const string Ancient = "ancient-changes";
    private readonly Dictionary<FieldManager, OwnedFields> entries = [];

    public int Count => entries.Count;

    public IEnumerable<FieldManager> All => entries.Keys;

    public FieldSet? Find(FieldManager manager) => entries.TryGetValue(manager, out var entry) ? entry.Set : null;

    /// <summary>A list that cannot be read counts as empty, as upstream has it: it must not stop anybody from mending the object.</summary>
    /// <param name="list">The list.</param>
    /// <param name="isStored">It was written by us: entries that do not change stay as they are written.</param>
    public static FieldManagers Decode(JsonNode? list, bool isStored = false) => Read(list, isStored, out var managers) is null ? managers : new FieldManagers();

    /// <summary>What is wrong with a list, in upstream's words; null where it can be read.</summary>
    public static string? ComplaintOf(JsonNode? list) => Read(list, false, out _);

    private static string? Read(JsonNode? list, bool isStored, out FieldManagers managers)
    {
        managers = new FieldManagers();
        try
        {
            foreach (var item in (list as JsonArray ?? []).OfType<JsonObject>())
            {
                var (operation, version, type) = (Text(item, "operation"), Text(item, "apiVersion"), Text(item, "fieldsType"));
                if (operation is not ("Apply" or "Update"))
                {
                    return "operation must be `Apply` or `Update`";
                }

                if (version.Length == 0)
                {
                    return "apiVersion must not be empty";
                }

                if (type != "FieldsV1")
                {
                    return type.Length == 0 ? $"missing fieldsType in managed fields entry {managers.Count}" : $"invalid fieldsType \"{type}\" in managed fields entry {managers.Count}";
                }

                var manager = new FieldManager(Text(item, "manager"), operation == "Apply", version, Text(item, "subresource"));
                managers.entries[manager] = new OwnedFields(item["fieldsV1"], Text(item, "time"), isStored ? item : null);
            }
        }
        catch (FormatException malformed)
        {
            return $"error decoding set: {malformed.Message}";
        }

        return null;
    }

    /// <summary>True for an empty list and for a list of one empty entry: the writer wants nobody recorded.</summary>
    public static bool IsReset(JsonNode? list) => list is JsonArray { Count: 0 } || (list is JsonArray { Count: 1 } one && one[0] is JsonObject { Count: 0 });

    public JsonArray Encode()
    {
        KeyValuePair<FieldManager, OwnedFields>[] sorted = [.. entries];
        Array.Sort(sorted, static (one, other) => Compare(one, other));
        return new JsonArray(Array.ConvertAll(sorted, static JsonNode? (e) => e.Value.Entry?.DeepClone() ?? Item(e.Key, e.Value.Time, FieldSetJson.Encode(e.Value.Set))));
    }

    private static int Compare(KeyValuePair<FieldManager, OwnedFields> one, KeyValuePair<FieldManager, OwnedFields> other) =>
        one.Key.Applies != other.Key.Applies ? (one.Key.Applies ? -1 : 1)
        : string.CompareOrdinal(one.Value.Time, other.Value.Time) is not 0 and var times ? times
        : string.CompareOrdinal(one.Key.Name, other.Key.Name) is not 0 and var names ? names
        : string.CompareOrdinal(one.Key.ApiVersion, other.Key.ApiVersion) is not 0 and var versions ? versions
        : string.CompareOrdinal(one.Key.Subresource, other.Key.Subresource);

    /// <summary>What a manager owns from now on; the time of its entry moves when that changes.</summary>
    public void Set(FieldManager manager, FieldSet fields, string now)
    {
        if (fields.IsEmpty && !manager.Applies)
        {
            entries.Remove(manager);
        }
        else if (!entries.TryGetValue(manager, out var entry) || !entry.Set.SetEquals(fields))
        {
            entries[manager] = new OwnedFields(fields, now);
        }
    }

    /// <summary>Everybody but one loses these fields; who has nothing left is forgotten.</summary>
    public void TakeFromOthers(FieldManager manager, FieldSet fields)
    {
        if (fields.IsEmpty)
        {
            return;
        }

        foreach (var (other, entry) in entries)
        {
            if (other == manager || !(entry.IsEmpty || entry.Touches(fields)))
            {
                continue;
            }

            var left = entry.Set.Difference(fields);
            if (left.IsEmpty)
            {
                entries.Remove(other);
            }
            else
            {
                entries[other] = new OwnedFields(left, entry.Time);
            }
        }
    }

    /// <summary>What all but one own.</summary>
    public FieldSet OwnedByOthers(FieldManager manager) =>
        entries.Where(e => e.Key != manager).Aggregate(new FieldSet(), static (all, entry) => all.Union(entry.Value.Set));

    /// <summary>Clients that call themselves differently each time must not grow the object: beyond ten, the oldest are recorded as one.</summary>
    public void Cap()
    {
        if (entries.Count <= MostUpdaters)
        {
            return;
        }

        var updaters = entries.Where(e => !e.Key.Applies).OrderBy(e => e.Value.Time, StringComparer.Ordinal).ToList();
        for (var i = 0; i < updaters.Count && entries.Count(e => !e.Key.Applies) > MostUpdaters; i++)
        {
            var (oldest, entry) = updaters[i];
            if (oldest.Name == Ancient)
            {
                continue;
            }

            var bucket = new FieldManager(Ancient, false, oldest.ApiVersion, "");
            entries.Remove(oldest);
            entries[bucket] = new OwnedFields((Find(bucket) ?? new FieldSet()).Union(entry.Set), entry.Time);
        }
    }

    /// <summary>One entry of the list.</summary>
    public static JsonObject Item(FieldManager manager, string time, JsonNode fields)
    {
        var item = new JsonObject { ["manager"] = manager.Name, ["operation"] = manager.Applies ? "Apply" : "Update", ["apiVersion"] = manager.ApiVersion };
        if (time.Length > 0)
        {
            item["time"] = time;
        }

        item["fieldsType"] = "FieldsV1";
        item["fieldsV1"] = fields;
        if (manager.Subresource.Length > 0)
        {
            item["subresource"] = manager.Subresource;
        }

        return item;
    }

    private static string Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.ManagedFields;

/// <summary>Who owns which fields of an object, after every kind of write (KEP-555, "Server-Side Apply").</summary>
/// <param name="Schema">The object's.</param>
/// <param name="Ignored">Top-level fields that this write cannot change: <c>status</c> of a write to the object, <c>spec</c> of one to its status.</param>
/// <param name="Now">Time of the write.</param>
public sealed record FieldOwnership(Schema Schema, IReadOnlyList<string> Ignored, DateTimeOffset Now)
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    // Nobody owns what tells objects apart or what the system writes.
    private static readonly string[] SystemMetadata = ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"];

    private string Time => GoTime.Format(Now);

    /// <summary>What is wrong with a list of managers, in upstream's words; null where it can be read.</summary>
    public static string? ComplaintOf(JsonNode? managers) => FieldManagers.ComplaintOf(managers);

    /// <summary>The list of a new object; null where there is nothing to own.</summary>
    public JsonArray? AfterCreate(JsonObject item, FieldManager manager) =>
        CreatedFields.Of(item, Schema, (name, inMetadata) => inMetadata ? !SystemMetadata.Contains(name) : name is not ("apiVersion" or "kind") && !Ignored.Contains(name)) is { } fields
            ? [FieldManagers.Item(manager, Time, fields)]
            : null;

    /// <summary>The list after an update or patch.</summary>
    /// <param name="before">The object as it was.</param>
    /// <param name="after">The object as it will be.</param>
    /// <param name="sent">The list that the writer sent, where it may change it.</param>
    /// <param name="manager">The writer.</param>
    /// <returns>The list to store, or null for none: an object for which nobody was recorded stays so until it is applied.</returns>
    public JsonArray? AfterUpdate(JsonObject before, JsonObject after, JsonNode? sent, FieldManager manager)
    {
        var stored = before["metadata"]?["managedFields"];
        if (FieldManagers.IsReset(sent))
        {
            return null;
        }

        var managers = FieldManagers.Decode(sent);
        if (managers.Count == 0)
        {
            managers = FieldManagers.Decode(stored);
        }

        if (managers.Count == 0)
        {
            return null;
        }

        var change = Compare(before, after);
        if (!change.IsSame)
        {
            var written = change.Modified.Union(change.Added);
            managers.TakeFromOthers(manager, written.Union(change.Removed));
            managers.Set(manager, (managers.Find(manager) ?? new FieldSet()).Difference(change.Removed).Union(written), Time);
            managers.Cap();
        }

        return managers.Count == 0 ? null : managers.Encode();
    }

    /// <summary>Lays an applied object over the live one and takes away what its manager applied before and nobody owns any more.</summary>
    /// <param name="live">The object as it is, in the version of <see cref="Schema"/>; null where it is to be created.</param>
    /// <param name="applied">What was sent, without defaults.</param>
    /// <param name="manager">Who applies.</param>
    /// <param name="force">Take over what others own.</param>
    /// <returns>The object, and the list to store with it.</returns>
    /// <exception cref="ApiException">409: others own fields that this would change; 400: the object does not fit the schema.</exception>
    public (JsonObject Merged, JsonArray Managers) Apply(JsonObject? live, JsonObject applied, FieldManager manager, bool force)
    {
        var managers = FieldManagers.Decode(live?["metadata"]?["managedFields"]);
        if (live is not null && managers.Count == 0)
        {
            managers.Set(FieldManager.Unknown(manager.ApiVersion), Owned(Compare([], live).Added), Time);
        }

        var claimed = Owned(FieldsOf(applied, manager));
        var merged = live is null ? (JsonObject)applied.DeepClone() : ApplyMerge.Merge(live, applied, Schema);
        var others = managers.OwnedByOthers(manager);
        if (managers.Find(manager) is { } before)
        {
            FieldRemoval.Remove(merged, before, others.Union(claimed), Schema);
        }

        if (manager.Name == "kubectl" && live is not null && LastAppliedOf(live) is not null)
        {
            SetLastApplied(merged, applied);
        }

        var change = Compare(live ?? [], merged);
        var written = change.Modified.Union(change.Added);
        if (!force)
        {
            var conflicts = Conflicts(managers, manager, written, live);
            if (conflicts.Count > 0)
            {
                throw Conflict(conflicts);
            }
        }

        managers.TakeFromOthers(manager, written.Union(change.Removed));
        managers.Set(manager, claimed, Time);
        return (merged, managers.Encode());
    }

    private FieldSet FieldsOf(JsonObject applied, FieldManager manager)
    {
        try
        {
            return ObjectFields.Of(applied, Schema);
        }
        catch (FormatException misfit)
        {
            throw Untyped(applied, manager, misfit.Message);
        }
    }

    /// <summary>400 in upstream's words, from what the decoder complained of.</summary>
    /// <param name="applied">What was sent.</param>
    /// <param name="manager">Who applies.</param>
    /// <param name="complaint">For example <c>unknown field "spec.foo"</c>.</param>
    public static ApiException Undeclared(JsonObject applied, FieldManager manager, string complaint) =>
        complaint.StartsWith("unknown field \"", StringComparison.Ordinal)
            ? Untyped(applied, manager, $".{complaint["unknown field \"".Length..^1]}: field not declared in schema")
            : Untyped(applied, manager, complaint);

    private static ApiException Untyped(JsonObject applied, FieldManager manager, string misfit)
    {
        var metadata = applied["metadata"];
        var version = manager.ApiVersion.Contains('/') ? manager.ApiVersion : $"/{manager.ApiVersion}";
        return ApiException.BadRequest(
            $"failed to create typed patch object ({(string?)metadata?["namespace"]}/{(string?)metadata?["name"]}; {version}, Kind={(string?)applied["kind"]}): {misfit}");
    }

    private static List<(FieldManager Manager, string Path)> Conflicts(FieldManagers managers, FieldManager manager, FieldSet written, JsonObject? live)
    {
        // kubectl may change what it applied itself in its older way, which it noted in the object.
        var allowed = manager.Name == "kubectl" && live is not null ? LastAppliedOf(live) : null;
        return
        [
            .. from other in managers.All
               where other != manager
               from path in managers.Find(other)!.Intersection(written).Members()
               where allowed is null || !Names(allowed, path)
               select (other, FieldPaths.Show(path)),
        ];
    }

    private static ApiException Conflict(List<(FieldManager Manager, string Path)> conflicts)
    {
        var message = conflicts.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {conflicts[0].Manager.Show()}: {conflicts[0].Path}"
            : $"Apply failed with {conflicts.Count} conflicts: " + string.Join(
                '\n',
                conflicts.GroupBy(c => c.Manager).OrderBy(g => g.Key.Name, StringComparer.Ordinal).SelectMany(g => g.Select(c => $"- {c.Path}").Prepend($"conflicts with {g.Key.Show()}:")));
        return ApiException.ApplyConflict(message, [.. conflicts.Select(c => new StatusCause("FieldManagerConflict", $"conflict with {c.Manager.Show()}", c.Path))]);
    }

    private FieldComparison Compare(JsonObject before, JsonObject after)
    {
        var change = FieldComparison.Of(before, after, Schema);
        foreach (var set in (FieldSet[])[change.Added, change.Modified, change.Removed])
        {
            Owned(set);
        }

        return change;
    }

    /// <summary>Takes out what nobody can own in this write, in place.</summary>
    private FieldSet Owned(FieldSet set)
    {
        set.Remove("f:apiVersion");
        set.Remove("f:kind");
        foreach (var name in Ignored)
        {
            set.Remove("f:" + name);
        }

        if (set.Find("f:metadata") is { } metadata)
        {
            metadata.IsMember = false;
            foreach (var name in SystemMetadata)
            {
                metadata.Remove("f:" + name);
            }
        }

        return set.Trim();
    }

    private static JsonObject? LastAppliedOf(JsonObject live)
    {
        try
        {
            return (string?)live["metadata"]?["annotations"]?[LastApplied] is { } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static void SetLastApplied(JsonObject merged, JsonObject applied)
    {
        if (merged["metadata"]?["annotations"] is JsonObject annotations)
        {
            var noted = (JsonObject)applied.DeepClone();
            (noted["metadata"]?["annotations"] as JsonObject)?.Remove(LastApplied);
            annotations[LastApplied] = noted.ToJsonString() + "\n";
        }
    }

    /// <summary>Whether an object as it was sent says something at a path.</summary>
    private static bool Names(JsonNode? item, IReadOnlyList<string> path)
    {
        foreach (var step in path)
        {
            item = step[0] switch
            {
                'f' when item is JsonObject fields => fields[step[2..]],
                'k' when item is JsonArray list && JsonNode.Parse(step[2..]) is JsonObject keys =>
                    list.FirstOrDefault(e => e is JsonObject element && keys.All(k => !element.ContainsKey(k.Key) || JsonNode.DeepEquals(element[k.Key], k.Value))),
                'v' when item is JsonArray list => list.FirstOrDefault(e => e?.ToJsonString() == step[2..]),
                _ => null,
            };
            if (item is null)
            {
                return false;
            }
        }

        return true;
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
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

    private const string Kubectl = "kubectl";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Nobody owns what tells objects apart or what the system writes.
    private static readonly string[] SystemMetadata = ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"];

    private string Time => GoTime.Format(Now);

    /// <summary>What is wrong with a list of managers, in upstream's words; null where it can be read.</summary>
    public static string? ComplaintOf(JsonNode? managers) => FieldManagers.ComplaintOf(managers);

    /// <summary>The list of a new object; null where there is nothing to own.</summary>
    public JsonArray? AfterCreate(JsonObject item, FieldManager manager) =>
        CreatedFields.Of(item, Schema, IsOwned) is { } fields
            ? [FieldManagers.Item(manager, Time, fields)]
            : null;

    /// <summary>Gives back the memory of a list of <see cref="AfterCreate"/>, which lies in the bytes to be stored by now. Its tree cannot be written again.</summary>
    public static void Release(JsonArray managers)
    {
        for (var i = 0; i < managers.Count; i++)
        {
            RawJson.Release((managers[i] as JsonObject)?["fieldsV1"]);
        }
    }

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

        // Most writers send back the list that they have read.
        var managers = FieldManagers.Decode(IsSame(sent, stored) ? null : sent);
        if (managers.Count == 0)
        {
            managers = FieldManagers.Decode(stored, isStored: true);
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
        var managers = FieldManagers.Decode(live?["metadata"]?["managedFields"], isStored: true);
        if (live is not null && managers.Count == 0)
        {
            managers.Set(FieldManager.Unknown(manager.ApiVersion), Compare([], live).Added, Time);
        }

        var claimed = Owned(FieldsOf(applied, manager));
        var merged = live is null ? (JsonObject)applied.DeepClone() : ApplyMerge.Merge(live, applied, Schema);
        var others = managers.OwnedByOthers(manager);
        if (managers.Find(manager) is { } before)
        {
            FieldRemoval.Remove(merged, before, others.Union(claimed), Schema);
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
        if (manager.Name == Kubectl && live is not null && LastAppliedOf(live) is not null)
        {
            // Kept in step so that kubectl's older apply can follow. It is no change of the client's: whoever owns the annotation keeps it.
            SetLastApplied(merged, applied);
        }

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
            throw Misfit(applied, Schema, manager) ?? Untyped(applied, manager, misfit.Message);
        }
    }

    /// <summary>All in which an applied object does not fit its schema; null where it does.</summary>
    /// <param name="applied">What was sent.</param>
    /// <param name="schema">In the version that it was sent in.</param>
    /// <param name="manager">Who applies.</param>
    public static ApiException? Misfit(JsonObject applied, Schema schema, FieldManager manager) =>
        TypedMisfits.Of(applied, schema) is { } misfits ? Untyped(applied, manager, misfits) : null;

    private static ApiException Untyped(JsonObject applied, FieldManager manager, string misfit)
    {
        var metadata = applied["metadata"] as JsonObject;
        var version = manager.ApiVersion.Contains('/') ? manager.ApiVersion : $"/{manager.ApiVersion}";
        return ApiException.BadRequest(
            $"failed to create typed patch object ({Text(metadata?["namespace"])}/{Text(metadata?["name"])}; {version}, Kind={(string?)applied["kind"]}): {misfit}");
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private List<(FieldManager Manager, string Path)> Conflicts(FieldManagers managers, FieldManager manager, FieldSet written, JsonObject? live)
    {
        var allowed = manager.Name == Kubectl && live is not null ? UntouchedSinceLastApplied(live) : new FieldSet();
        return
        [
            .. from other in managers.All
               where other != manager
               from path in managers.Find(other)!.Intersection(written).Difference(allowed).Members()
               select (other, FieldPaths.Show(path)),
        ];
    }

    /// <summary>What kubectl applied in its older way and noted in the object, where the object still says the same: that much kubectl may change whoever is recorded for it.</summary>
    private FieldSet UntouchedSinceLastApplied(JsonObject live)
    {
        if (LastAppliedOf(live) is not { } noted || (string?)noted["apiVersion"] != (string?)live["apiVersion"])
        {
            return new FieldSet();
        }

        try
        {
            var since = Compare(noted, live);
            return ObjectFields.Of(noted, Schema).Difference(since.Modified).Difference(since.Removed);
        }
        catch (FormatException)
        {
            // Anybody may write anything into an annotation.
            return new FieldSet();
        }
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

    private FieldComparison Compare(JsonObject before, JsonObject after) => FieldComparison.Of(before, after, Schema, IsOwned);

    private bool IsOwned(string name, bool inMetadata) => inMetadata ? !SystemMetadata.Contains(name) : name is not ("apiVersion" or "kind") && !Ignored.Contains(name);

    private static bool IsSame(JsonNode? sent, JsonNode? stored)
    {
        if (sent is null || stored is null)
        {
            return false;
        }

        var bytes = FieldSetJson.Bytes(sent).ToArray();
        return FieldSetJson.Bytes(stored).SequenceEqual(bytes);
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
        catch (JsonException)
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
            annotations[LastApplied] = noted.ToJsonString(Relaxed) + "\n";
        }
    }
}

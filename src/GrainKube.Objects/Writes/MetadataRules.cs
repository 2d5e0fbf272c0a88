using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>What the system owns in <c>metadata</c>, and what a body may say there. Wording: upstream's <c>registry/rest</c> and <c>endpoints/handlers</c>.</summary>
internal static class MetadataRules
{
    /// <summary>Brings a body's metadata into the form of a new object, as admission is to see it: without what the server gives it later.</summary>
    public static void FillForCreate(JsonObject item, WriteOperation write)
    {
        var metadata = item.Metadata();
        foreach (var owned in (ReadOnlySpan<string>)["creationTimestamp", "uid", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"])
        {
            metadata.Remove(owned);
        }

        MatchNamespace(metadata, write.Key);
        var name = metadata.Text("name");
        if (name.Length > 0 && name != write.Key.Name && write.Request.Admitted?.Object is null)
        {
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({write.Key.Name})");
        }

        if (name.Length == 0 || write.Request.Unnamed)
        {
            metadata.Remove("name");
        }

        if (!write.Request.Unnamed)
        {
            Name(metadata, write);
        }
    }

    /// <summary>Puts in what the server gives a new object when everybody has had a say in it: its name, if it was drawn, and its identity.</summary>
    /// <exception cref="RenamedException">Admission has renamed it.</exception>
    /// <exception cref="ApiException">400: the same, where the path names it.</exception>
    public static void Complete(JsonObject item, WriteOperation write)
    {
        var metadata = item.Metadata();
        Name(metadata, write);
        if (metadata.Text("name") is { Length: > 0 } named && write.MayBeRenamed && named != write.Key.Name)
        {
            throw new RenamedException(named, StoredJson.ToBytes(item));
        }

        if (metadata.Text("name").Length > 0)
        {
            MatchNames(item, write.Key);
        }

        metadata["uid"] = write.Request.Uid ?? Guid.NewGuid().ToString();
        metadata.SetTime("creationTimestamp", write.Scope.Now);
        if (write.Definition.HasGeneration)
        {
            metadata["generation"] = JsonNumber.Of(1);
        }
    }

    /// <summary>The key's name is the object's, unless nobody wanted one to be drawn: validation finds that out, together with what else is wrong.</summary>
    private static void Name(JsonObject metadata, WriteOperation write)
    {
        if (metadata.Text("name").Length == 0)
        {
            var isNamed = !write.Request.Unnamed || metadata.Text("generateName").Length > 0;
            metadata.Remove("name");
            metadata.Insert(0, "name", isNamed ? write.Key.Name : "");
        }
    }

    /// <exception cref="ApiException">400: the body names another object than the path.</exception>
    public static void MatchNames(JsonObject item, ObjectKey key)
    {
        var metadata = item.Metadata();
        MatchNamespace(metadata, key);
        var name = metadata.Text("name");
        if (name.Length == 0)
        {
            throw ApiException.BadRequest($"the name of the object ({key.Name} based on URL) was undeterminable: name must be provided");
        }

        if (name != key.Name)
        {
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        }
    }

    /// <summary>Carries over what an update can never change. <paramref name="item"/> has no <c>resourceVersion</c> any more.</summary>
    public static void CarryOver(JsonObject item, CurrentObject current)
    {
        var metadata = item.Metadata();
        var stored = current.Node.Metadata();
        metadata.Remove("managedFields");
        metadata.Remove("selfLink");
        metadata.CopyFrom(stored, "generation");
        if (metadata.Text("uid").Length == 0)
        {
            metadata.CopyFrom(stored, "uid");
        }

        metadata.CopyFrom(stored, "creationTimestamp");
        if (current.Header.DeletionTimestamp is not null)
        {
            metadata.CopyFrom(stored, "deletionTimestamp");
        }

        if (current.Header.DeletionGracePeriodSeconds is not null && metadata["deletionGracePeriodSeconds"] is null)
        {
            metadata.CopyFrom(stored, "deletionGracePeriodSeconds");
        }
    }

    /// <summary>Takes the <c>resourceVersion</c> out of a body; 0 where there was none.</summary>
    /// <exception cref="ApiException">400: it is no number.</exception>
    public static long TakeRevision(JsonObject item)
    {
        var metadata = item.Metadata();
        var text = metadata.Text("resourceVersion");
        metadata.Remove("resourceVersion");
        if (text.Length == 0)
        {
            return 0;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw ApiException.BadRequest($"strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    /// <exception cref="ApiException">409: the uid belongs to another object of that name.</exception>
    public static void MatchUid(string uid, string actual, WriteOperation write)
    {
        if (uid.Length > 0 && uid != actual)
        {
            throw ApiException.Conflict(
                write.Definition.GroupResource,
                write.Key.Name,
                $"StorageError: invalid object, Code: 4, Key: {write.Key.StoreKey}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {actual}");
        }
    }

    /// <summary>Drops owner references that come twice, with upstream's warning.</summary>
    public static void DropDuplicateOwners(JsonObject item, WriteOperation write)
    {
        if (item.Metadata()["ownerReferences"] is not JsonArray { Count: > 1 } owners)
        {
            return;
        }

        var duplicates = new List<string>();
        for (var i = owners.Count - 1; i > 0; i--)
        {
            if (owners.Take(i).Any(earlier => JsonNode.DeepEquals(earlier, owners[i])))
            {
                duplicates.Insert(0, (owners[i] as JsonObject)?.Text("uid") ?? "");
                owners.RemoveAt(i);
            }
        }

        if (duplicates.Count > 0)
        {
            write.Warnings.Add(
                ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; "
                + $"please fix your requests; duplicate UID(s) observed: {string.Join(", ", duplicates.Distinct(StringComparer.Ordinal))}");
        }
    }

    /// <summary>Puts apiVersion, kind and metadata first: readers of headers stop after them.</summary>
    public static void PutHeaderFirst(JsonObject item, WriteOperation write)
    {
        var version = write.Definition.Versions[0].ApiVersion;
        var metadata = item.Metadata();
        if (item.GetAt(0).Key == "apiVersion" && item.GetAt(1).Key == "kind" && item.GetAt(2).Key == "metadata" && item.Text("apiVersion") == version)
        {
            return;
        }

        item.Remove("apiVersion");
        item.Remove("kind");
        item.Remove("metadata");
        item.Insert(0, "apiVersion", version);
        item.Insert(1, "kind", write.Definition.Names.Kind);
        item.Insert(2, "metadata", metadata);
    }

    private static void MatchNamespace(JsonObject metadata, ObjectKey key)
    {
        var ns = metadata.Text("namespace");
        if (key.Namespace.Length == 0)
        {
            metadata.Remove("namespace");
        }
        else if (ns.Length == 0)
        {
            metadata.Remove("namespace");
            metadata["namespace"] = key.Namespace;
        }
        else if (ns != key.Namespace)
        {
            throw ApiException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}

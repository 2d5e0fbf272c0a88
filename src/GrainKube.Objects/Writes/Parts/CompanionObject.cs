using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Writes.Parts;

/// <summary>Objects of the API that are put in another object's transaction. They do not pass the write pipeline: whoever makes them answers for their being whole and valid.</summary>
public static class CompanionObject
{
    /// <summary>A new object: uid and creation time are filled in, everything else is as given. Compare the key with absence.</summary>
    /// <param name="definition">The kind.</param>
    /// <param name="key">Name and namespace.</param>
    /// <param name="item">Metadata's labels and annotations, spec and status, in the storage version. Taken over.</param>
    /// <param name="now">The time of the write.</param>
    public static StoreWrite Create(ResourceDefinition definition, ObjectKey key, JsonObject item, DateTimeOffset now)
    {
        var given = item["metadata"] as JsonObject ?? [];
        var metadata = new JsonObject { ["name"] = key.Name };
        if (key.Namespace.Length > 0)
        {
            metadata["namespace"] = key.Namespace;
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata.SetTime("creationTimestamp", now);
        if (definition.HasGeneration)
        {
            metadata["generation"] = ApiMachinery.Schemas.JsonNumber.Of(1);
        }

        metadata.CopyFrom(given, "labels");
        metadata.CopyFrom(given, "annotations");
        return Put(definition, key, item, metadata);
    }

    /// <summary>A new version of an object that is there. Compare the key with the revision of what was read.</summary>
    /// <param name="definition">The kind.</param>
    /// <param name="key">Name and namespace.</param>
    /// <param name="item">The whole object (see <see cref="KubeObject.ToNode"/>). Taken over.</param>
    public static StoreWrite Update(ResourceDefinition definition, ObjectKey key, JsonObject item)
    {
        var metadata = item.Metadata();
        metadata.Remove("resourceVersion");
        return Put(definition, key, item, metadata);
    }

    private static StoreWrite Put(ResourceDefinition definition, ObjectKey key, JsonObject item, JsonObject metadata)
    {
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind", "metadata"])
        {
            item.Remove(name);
        }

        item.Insert(0, "apiVersion", definition.Versions[0].ApiVersion);
        item.Insert(1, "kind", definition.Names.Kind);
        item.Insert(2, "metadata", metadata);
        return StoreWrite.Put(key.StoreKey, StoredJson.Encode(item, traceParent: null), definition.TimeToLive);
    }
}

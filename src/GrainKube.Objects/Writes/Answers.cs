using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;

namespace GrainKube.Objects.Writes;

/// <summary>Puts the outcome of a write into the form that the client asked for.</summary>
internal static class Answers
{
    /// <summary>An answer about an object as it is stored.</summary>
    public static WriteResult Of(WriteOperation write, PlannedWrite plan, KubeObject item) => plan.Status is { } status
        ? new WriteResult { Code = status.Code, Status = status, Revision = item.Revision, Warnings = write.AllWarnings, AuditAnnotations = write.AuditAnnotations }
        : new WriteResult { Code = plan.Code, Json = Json(write, item), Revision = item.Revision, Warnings = write.AllWarnings, AuditAnnotations = write.AuditAnnotations };

    /// <summary>An answer about an object that was not, or is no longer, stored.</summary>
    /// <param name="write">The call.</param>
    /// <param name="plan">Its outcome.</param>
    /// <param name="shown">The <c>resourceVersion</c> to show; 0 shows none.</param>
    /// <param name="revision">The revision of the commit; 0 for a dry run.</param>
    public static WriteResult OfUnstored(WriteOperation write, PlannedWrite plan, long shown, long revision)
    {
        if (plan.Status is { } status)
        {
            return new WriteResult { Code = status.Code, Status = status, Revision = revision, Warnings = write.AllWarnings, AuditAnnotations = write.AuditAnnotations };
        }

        MetadataRules.PutHeaderFirst(plan.Next, write);
        var item = StoredJson.Decode(write.Key, StoredJson.ToBytes(plan.Next), shown);
        var json = Json(write, item);
        if (shown == 0)
        {
            var node = (JsonObject)JsonNode.Parse(json)!;
            node.Metadata().Remove("resourceVersion");
            json = StoredJson.ToBytes(node);
        }

        return new WriteResult { Code = plan.Code, Json = json, Revision = revision, Warnings = write.AllWarnings, AuditAnnotations = write.AuditAnnotations };
    }

    /// <summary>Brings a tree of what is stored into the version of the request.</summary>
    public static JsonObject InServedVersion(WriteOperation write, JsonObject node)
    {
        write.Served.FromStorage?.Invoke(node);
        node["apiVersion"] = write.Served.ApiVersion;

        return node;
    }

    private static byte[] Json(WriteOperation write, KubeObject item)
    {
        if (write.Request.Subresource == "scale" && write.Definition.Scale is { } mapping)
        {
            return StoredJson.ToBytes(ScaleView.Of(item, mapping));
        }

        return write is { IsStorageVersion: true, Served.FromStorage: null } ? BytesOf(item.Json) : StoredJson.ToBytes(InServedVersion(write, item.ToNode()));
    }

    private static byte[] BytesOf(ReadOnlyMemory<byte> json) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(json, out var array) && array.Offset == 0 && array.Array!.Length == array.Count ? array.Array : json.ToArray();
}

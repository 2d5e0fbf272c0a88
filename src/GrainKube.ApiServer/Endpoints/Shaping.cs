using GrainKube.ApiServer.Requests;
using System.Text;
using System.Text.Json;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Tables;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Gives objects and lists the form that the client asked for.</summary>
internal sealed class Shaping(TimeProvider time)
{
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    private static readonly ReadOnlyMemory<byte> CommaAndBrace = ",{"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "]}\n"u8.ToArray();

    /// <summary>One object.</summary>
    public ReadOnlyMemory<byte> One(ResourceCall call, KubeObject item) => call.Shape.Form switch
    {
        Form.Table => Table(call).Whole([item], new ListHead(item.Revision)),
        Form.PartialMetadata => PartialMetadata.Of(item.Json, call.Shape.Meta),
        Form.PartialMetadataList => throw NotAList(call),
        _ => VersionedJson.Of(item, call.Version),
    };

    /// <summary>The Scale of an object, which no client asks for as metadata alone.</summary>
    public ReadOnlyMemory<byte> Scale(ResourceCall call, KubeObject scale) => call.Shape.Form == Form.Table
        ? new TableWriter(call.Shape, ScaleColumns.Instance, IncludeOf(call), static item => item.Json, time.GetUtcNow()).Whole([scale], new ListHead(scale.Revision))
        : scale.Json;

    /// <summary>Makes ready what is about to be shaped, all of it at once where that is cheaper.</summary>
    public static void Prepare(ResourceCall call, IReadOnlyList<KubeObject> items)
    {
        if (call.Shape.Form is not (Form.PartialMetadata or Form.PartialMetadataList))
        {
            VersionedJson.Prepare(items, call.Version);
        }
    }

    /// <summary>A list in pieces, to be sent one after the other.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> List(ResourceCall call, ListHead head, IReadOnlyList<KubeObject> items)
    {
        Prepare(call, items);
        switch (call.Shape.Form)
        {
            case Form.Table:
                return [Table(call).Whole(items, head)];
            case Form.PartialMetadata:
                throw ApiException.NotAcceptable($"you requested PartialObjectMetadata, but the requested object is a list ({call.Definition.Names.ListKind})");
            case Form.PartialMetadataList:
                return Join(Start("PartialObjectMetadataList", call.Shape.MetaApiVersion, head), items, item => PartialMetadata.Of(item.Json, call.Shape.Meta));
            default:
                return Join(Start(call.Definition.Names.ListKind, call.Version.ApiVersion, head), items, item => VersionedJson.Of(item, call.Version), call.Definition.Model is null ? [] : TypeMeta(call));
        }
    }

    /// <summary>How the objects of a list begin that upstream, whose lists are typed, sends without their type.</summary>
    private static byte[][] TypeMeta(ResourceCall call) =>
    [
        Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{call.Version.ApiVersion}\",\"kind\":\"{call.Definition.Names.Kind}\","),
        Encoding.UTF8.GetBytes($"{{\"kind\":\"{call.Definition.Names.Kind}\",\"apiVersion\":\"{call.Version.ApiVersion}\","),
    ];

    public TableWriter Table(ResourceCall call) =>
        new(call.Shape, call.Version.Columns ?? call.Definition.Columns, IncludeOf(call), item => VersionedJson.Of(item, call.Version), time.GetUtcNow());

    private static IncludeObject IncludeOf(ResourceCall call) => call.Http.Request.Query.First("includeObject") switch
    {
        "" or "Metadata" => IncludeObject.Metadata,
        "Object" => IncludeObject.Object,
        "None" => IncludeObject.None,
        var other => throw ApiException.BadRequest($"Unable to convert to Table as requested: includeObject: Invalid value: \"{other}\": must be 'Metadata', 'Object', 'None', or empty"),
    };

    private static ApiException NotAList(ResourceCall call) =>
        ApiException.NotAcceptable($"you requested PartialObjectMetadataList, but the requested object is not a list ({call.Definition.Names.Kind})");

    /// <param name="start">What precedes the objects.</param>
    /// <param name="items">The objects.</param>
    /// <param name="json">What is sent of one.</param>
    /// <param name="left">Beginnings that are left away; an object that begins otherwise is sent whole.</param>
    private static ReadOnlyMemory<byte>[] Join(byte[] start, IReadOnlyList<KubeObject> items, Func<KubeObject, ReadOnlyMemory<byte>> json, byte[][]? left = null)
    {
        var pieces = new ReadOnlyMemory<byte>[items.Count == 0 ? 2 : (2 * items.Count) + 1];
        pieces[0] = start;
        for (var i = 0; i < items.Count; i++)
        {
            var item = json(items[i]);
            var bare = Without(item, left);
            if (i > 0)
            {
                pieces[2 * i] = bare.Length < item.Length ? CommaAndBrace : Comma;
            }
            else if (bare.Length < item.Length)
            {
                pieces[0] = (byte[])[.. start, (byte)'{'];
            }

            pieces[(2 * i) + 1] = bare;
        }

        pieces[^1] = End;
        return pieces;
    }

    private static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> item, byte[][]? left)
    {
        foreach (var beginning in left ?? [])
        {
            if (item.Span.StartsWith(beginning))
            {
                return item[beginning.Length..];
            }
        }

        return item;
    }

    private static byte[] Start(string kind, string apiVersion, ListHead head)
    {
        var text = new StringBuilder($"{{\"kind\":\"{kind}\",\"apiVersion\":\"{apiVersion}\",\"metadata\":{{{(head.Revision == 0 ? "" : $"\"resourceVersion\":\"{head.Revision}\"")}");
        if (head.Continue.Length > 0)
        {
            text.Append($",\"continue\":\"{JsonEncodedText.Encode(head.Continue)}\"");
        }

        if (head.Remaining is { } remaining)
        {
            text.Append($",\"remainingItemCount\":{remaining}");
        }

        return Encoding.UTF8.GetBytes(text.Append("},\"items\":[").ToString());
    }
}

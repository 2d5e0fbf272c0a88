using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Endpoints;
using GrainKube.ApiServer.Negotiation;
using GrainKube.ApiServer.Protobuf;
using GrainKube.ApiServer.Tables;
using GrainKube.Objects.Cache;

namespace GrainKube.ApiServer.Watches;

/// <summary>Frames events for one watcher: a JSON object a line, or in upstream's binary form. JSON's bytes are the cache's, shared by all watchers; only the frame around them is written here.</summary>
internal sealed class WatchOutput(ResourceCall call, Shaping shaping)
{
    private readonly PipeWriter output = call.Http.Response.BodyWriter;
    private readonly Framing framing = FramingOf(call);
    private bool columnsSent;
    private int unflushed;

    private enum Framing
    {
        /// <summary>As the cache encoded it for all watchers.</summary>
        Raw,

        /// <summary>JSON in a version, as a table or as metadata.</summary>
        Shaped,

        Binary,
    }

    public string MediaType => framing == Framing.Binary ? ProtobufBody.Stream : Renderings.Json;

    /// <summary>One event of the log. In the storage version it goes out as the cache encoded it for all watchers.</summary>
    public void Write(ObjectChange change, WatchEventType type)
    {
        if (framing == Framing.Raw)
        {
            var line = change.EventFor(type).Span;
            output.Write(line);
            unflushed += line.Length;
            return;
        }

        Frame(
            type switch
            {
                WatchEventType.Added => "ADDED"u8,
                WatchEventType.Modified => "MODIFIED"u8,
                _ => "DELETED"u8,
            },
            Shaped(change.ObjectFor(type)));
    }

    /// <summary>An object that was there when the watch began.</summary>
    public void WriteState(KubeObject item) => Frame("ADDED"u8, Shaped(item));

    /// <param name="revision">Everything up to it has been sent.</param>
    /// <param name="initialEnd">Marks the end of the state that the watch began with.</param>
    public void Bookmark(long revision, bool initialEnd)
    {
        var annotations = initialEnd ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "";
        var metadata = $"\"metadata\":{{\"resourceVersion\":\"{revision}\"{annotations}}}";
        var (kind, version) = call.Shape.Form switch
        {
            Form.PartialMetadata or Form.PartialMetadataList => ("PartialObjectMetadata", call.Shape.MetaApiVersion),
            _ => (call.Definition.Names.Kind, call.Version.ApiVersion),
        };
        var item = $"{{\"kind\":\"{kind}\",\"apiVersion\":\"{version}\",{metadata}}}";
        if (call.Shape.Form == Form.Table)
        {
            item = $"{{\"kind\":\"Table\",\"apiVersion\":\"{call.Shape.MetaApiVersion}\",\"metadata\":{{\"resourceVersion\":\"{revision}\"}},\"columnDefinitions\":null,"
                + $"\"rows\":[{{\"cells\":[],\"object\":{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"{call.Shape.MetaApiVersion}\",{metadata}}}}}]}}";
        }

        Frame("BOOKMARK"u8, Encoding.UTF8.GetBytes(item));
    }

    public async Task ErrorAsync(Status status, CancellationToken cancel)
    {
        Frame("ERROR"u8, status.ToJson());
        await FlushAsync(cancel);
    }

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (unflushed > 0)
        {
            unflushed = 0;
            await output.FlushAsync(cancel);
        }
    }

    public ValueTask FlushIfFullAsync(CancellationToken cancel) => unflushed > 128 * 1024 ? FlushAsync(cancel) : ValueTask.CompletedTask;

    /// <exception cref="ApiException">406: refused before anything is sent.</exception>
    private static Framing FramingOf(ResourceCall call)
    {
        var isObject = call.Shape.Form == Form.Object;
        if (Renderings.Of(call.Http.Request) == Rendering.Protobuf)
        {
            return Framing.Binary;
        }

        return isObject && call.Version.FromStorage is null && call.Version.ApiVersion == call.Definition.Names.ApiVersion ? Framing.Raw : Framing.Shaped;
    }

    private ReadOnlyMemory<byte> Shaped(KubeObject item)
    {
        switch (call.Shape.Form)
        {
            case Form.Table:
                var table = shaping.Table(call).Whole([item], new ListHead(item.Revision), withColumns: !columnsSent);
                columnsSent = true;
                return table;
            case Form.PartialMetadata or Form.PartialMetadataList:
                return PartialMetadata.Of(item.Json, call.Shape.Meta);
            default:
                return VersionedJson.Of(item, call.Version);
        }
    }

    private void Frame(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> item)
    {
        if (framing == Framing.Binary)
        {
            var frame = ProtobufAnswer.Frame(type, item);
            output.Write(frame);
            unflushed += frame.Length;
            return;
        }

        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"object\":"u8);
        output.Write(item.Span);
        output.Write("}\n"u8);
        unflushed += type.Length + item.Length + 32;
    }
}

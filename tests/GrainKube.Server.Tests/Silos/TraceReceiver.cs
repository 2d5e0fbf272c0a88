using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using GrainKube.Hosting;

namespace GrainKube.Server.Tests.Silos;

/// <summary>A span as far as the tests care.</summary>
internal sealed record ReceivedSpan(string Trace, string Name, string Silo);

/// <summary>Takes OTLP over HTTP and reads trace ids, names and the sender out of the protobuf.</summary>
internal sealed class TraceReceiver : IDisposable
{
    private readonly HttpListener listener = new();

    public TraceReceiver()
    {
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = ReceiveAsync();
    }

    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPorts.Next()}");

    public ConcurrentBag<ReceivedSpan> Spans { get; } = [];

    public void Dispose() => listener.Close();

    private async Task ReceiveAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                _ = TakeAsync(await listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task TakeAsync(HttpListenerContext call)
    {
        try
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            if (call.Request.Url!.AbsolutePath == "/v1/traces")
            {
                Read(body.ToArray());
            }

            call.Response.Close();
        }
        catch (Exception cut) when (cut is HttpListenerException or IOException or ObjectDisposedException)
        {
            // A silo that was killed, or is frozen, in the middle of a report: the others go on.
        }
    }

    // opentelemetry/proto/collector/trace/v1: ExportTraceServiceRequest.resource_spans = 1; ResourceSpans: resource = 1, scope_spans = 2; ScopeSpans.spans = 2; Span: trace_id = 1, name = 5.
    private void Read(ReadOnlyMemory<byte> request)
    {
        foreach (var (_, resourceSpans) in Fields(request).Where(f => f.Number == 1))
        {
            var silo = Fields(resourceSpans).Where(f => f.Number == 1).SelectMany(f => Fields(f.Value)).Where(f => f.Number == 1).Select(f => Attribute(f.Value))
                .FirstOrDefault(a => a.Key == "service.instance.id").Value ?? "";
            foreach (var (_, span) in Fields(resourceSpans).Where(f => f.Number == 2).SelectMany(f => Fields(f.Value)).Where(f => f.Number == 2))
            {
                var fields = Fields(span).ToList();
                Spans.Add(new ReceivedSpan(Convert.ToHexStringLower(fields.First(f => f.Number == 1).Value.Span), Text(fields.First(f => f.Number == 5).Value), silo));
            }
        }
    }

    private static (string Key, string Value) Attribute(ReadOnlyMemory<byte> pair)
    {
        var fields = Fields(pair).ToList();
        return (Text(fields.First(f => f.Number == 1).Value), Text(Fields(fields.First(f => f.Number == 2).Value).FirstOrDefault(f => f.Number == 1).Value));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The fields of a message that have a length; the others are stepped over.</summary>
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    yield return ((int)(tag >> 3), message.Slice(at, length));
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message.Span[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}

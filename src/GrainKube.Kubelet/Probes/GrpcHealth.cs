using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace GrainKube.Kubelet.Probes;

/// <summary>Asks a server by the gRPC health protocol (<c>grpc.health.v1.Health/Check</c>) without TLS, with upstream's rules and wording. A connection is tried again until the probe's time is over.</summary>
internal sealed class GrpcHealth(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1); // gRPC's own back-off between attempts to connect
    private static readonly HttpRequestOptionsKey<Hearing> HearingKey = new("hearing");
    private static readonly string[] Statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    private readonly HttpClient client = ProbeClient.New(handler => handler.ConnectCallback = ConnectAsync);

    /// <param name="address">Host and port.</param>
    /// <param name="service">What is asked about; empty for the server as a whole.</param>
    /// <param name="timeout">How long connecting and asking may take together.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<ProbeOutcome> AskAsync(string address, string service, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var hearing = new Hearing();
        try
        {
            for (var pause = FirstPause; ; pause *= 1.6)
            {
                try
                {
                    using var request = Request(address, service, hearing);
                    using var response = await client.SendAsync(request, both.Token).ConfigureAwait(false);
                    return await ReadAsync(response, timeout, both.Token).ConfigureAwait(false);
                }
                catch (HttpRequestException)
                {
                    hearing.Settings = false;
                }

                await Task.Delay(pause, time, both.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeOutcome.Bad(hearing.Settings ? TooLate(timeout) : $"timeout: failed to connect service \"{address}\" within {Text(timeout)}: context deadline exceeded");
        }
    }

    public void Dispose() => client.Dispose();

    private static HttpRequestMessage Request(string address, string service, Hearing hearing)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://{address}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Message(service)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("User-Agent", NetworkProber.UserAgent);
        request.Options.Set(HearingKey, hearing);
        return request;
    }

    private static async Task<ProbeOutcome> ReadAsync(HttpResponseMessage response, TimeSpan timeout, CancellationToken cancel)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        var (code, message) = GrpcStatus.Of(response);
        return code switch
        {
            GrpcStatus.Ok => ServingOf(body) is var status && status == 1 ? ProbeOutcome.Good
                : ProbeOutcome.Bad($"service unhealthy (responded with \"{(status < (ulong)Statuses.Length ? Statuses[status] : status.ToString(CultureInfo.InvariantCulture))}\")"),
            GrpcStatus.Unimplemented => ProbeOutcome.Bad($"error: this server does not implement the grpc health protocol (grpc.health.v1.Health): {message}"),
            GrpcStatus.DeadlineExceeded => ProbeOutcome.Bad(TooLate(timeout)),
            _ => ProbeOutcome.Bad($"error: health rpc probe failed: rpc error: code = {GrpcStatus.NameOf(code)} desc = {message}"),
        };
    }

    /// <summary>A frame: no compression, the length, and field 1 as text unless it is empty.</summary>
    internal static byte[] Message(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        byte[] body = name.Length == 0 ? [] : [0x0A, .. Varint(name.Length), .. name];
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Varint(int number) => number < 0x80 ? [(byte)number] : [(byte)(number | 0x80), .. Varint(number >> 7)];

    /// <summary>The number in field 1 of the answer; 0 where it says none.</summary>
    private static ulong ServingOf(byte[] body)
    {
        if (body.Length < 7 || body[5] != 0x08)
        {
            return 0;
        }

        var number = 0UL;
        for (var (i, shift) = (6, 0); i < body.Length && shift < 64; i++, shift += 7)
        {
            number |= (ulong)(body[i] & 0x7F) << shift;
            if (body[i] < 0x80)
            {
                break;
            }
        }

        return number;
    }

    private static string TooLate(TimeSpan timeout) => $"timeout: health rpc did not complete within {Text(timeout)}";

    // Whole seconds as Go writes a duration.
    private static string Text(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(time.TotalHours >= 1 ? $"{(int)time.TotalHours}h" : "")}{(time.TotalMinutes >= 1 ? $"{time.Minutes}m" : "")}{time.Seconds}s");

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel).ConfigureAwait(false);
            return new HeardStream(socket, context.InitialRequestMessage.Options.TryGetValue(HearingKey, out var hearing) ? hearing : new Hearing());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the server has begun to speak HTTP/2: only then is it connected, as gRPC has it.</summary>
    private sealed class Hearing
    {
        public volatile bool Settings;
    }

    private sealed class HeardStream(Socket socket, Hearing hearing) : NetworkStream(socket, ownsSocket: true)
    {
        private const byte SettingsFrame = 4;
        private bool hasBegun;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (!hasBegun && count > 3)
            {
                (hasBegun, hearing.Settings) = (true, buffer.Span[3] == SettingsFrame); // the type of the first frame
            }

            return count;
        }
    }
}

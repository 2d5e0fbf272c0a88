using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace GrainKube.Kubelet.Probes;

/// <summary>Probes by HTTP, TCP and gRPC with upstream's rules and wording. Certificates are not verified, connections never reused.</summary>
internal sealed class NetworkProber(TimeProvider time) : INetworkProber, IDisposable
{
    private const int MostRedirects = 10;
    private const int MostBody = 10 * 1024;

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => client.Dispose();

    public async Task<ProbeOutcome> HttpAsync(HttpProbe probe, TimeSpan timeout, CancellationToken cancel)
    {
        var url = new Uri($"{probe.Scheme.ToLowerInvariant()}://{Bracket(probe.Host)}:{probe.Port}/{probe.Path.TrimStart('/')}");
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            for (var hop = 0; ; hop++)
            {
                using var request = Request(url, probe.Headers);
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
                var code = (int)response.StatusCode;
                if (code is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location && new Uri(url, location) is var next && next.Host == url.Host)
                {
                    if (hop + 1 >= MostRedirects)
                    {
                        return ProbeOutcome.Bad($"Get \"{Shown(next)}\": stopped after {MostRedirects} redirects");
                    }

                    url = next;
                    continue;
                }

                // What another host says is not about this container.
                return code is >= 300 and < 400
                    ? ProbeOutcome.Warn($"Probe terminated redirects, Response body: {await BodyAsync(response, both.Token).ConfigureAwait(false)}")
                    : code is >= 200 and < 300 ? ProbeOutcome.Good : ProbeOutcome.Bad($"HTTP probe failed with statuscode: {code}");
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeOutcome.Bad($"Get \"{Shown(url)}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        catch (HttpRequestException failed)
        {
            return ProbeOutcome.Bad($"Get \"{Shown(url)}\": {Explain(failed, url.Host, url.Port)}");
        }
    }

    public async Task<ProbeOutcome> TcpAsync(string host, int port, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, both.Token).ConfigureAwait(false);
            return ProbeOutcome.Good;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeOutcome.Bad($"dial tcp {Bracket(host)}:{port}: i/o timeout");
        }
        catch (SocketException failed)
        {
            return ProbeOutcome.Bad($"dial tcp {Bracket(host)}:{port}: connect: {Words(failed)}");
        }
    }

    public async Task<ProbeOutcome> GrpcAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{Bracket(host)}:{port}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(HealthRequest(service)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        try
        {
            using var response = await client.SendAsync(request, both.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false);
            var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailer) ? trailer.First()
                : response.Headers.TryGetValues("grpc-status", out var header) ? header.First() : "2";
            if (status != "0")
            {
                return ProbeOutcome.Bad(status == "12" ? $"error: this server does not implement the grpc health protocol (grpc.health.v1.Health)" : $"error: health rpc failed with status {status}");
            }

            // A frame's five bytes of header, then field 1 as a varint: 1 is SERVING.
            return body is [_, _, _, _, _, 0x08, 0x01, ..] ? ProbeOutcome.Good : ProbeOutcome.Bad("service unhealthy (responded with \"NOT_SERVING\")");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeOutcome.Bad($"timeout: failed to connect service \"{Bracket(host)}:{port}\" within {timeout.TotalSeconds:0}s: context deadline exceeded");
        }
        catch (HttpRequestException failed)
        {
            return ProbeOutcome.Bad($"error: failed to connect service \"{Bracket(host)}:{port}\": {Explain(failed, host, port)}");
        }
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        var text = new byte[MostBody];
        var count = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return Encoding.UTF8.GetString(text, 0, count);
    }

    private static HttpRequestMessage Request(Uri url, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.Host = value;
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.37");
        }

        if (!request.Headers.Contains("Accept"))
        {
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
        }

        request.Headers.ConnectionClose = true;
        return request;
    }

    internal static byte[] HealthRequest(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        if (name.Length == 0)
        {
            return [0, 0, 0, 0, 0];
        }

        List<byte> message = [0x0A];
        for (var rest = name.Length; ; rest >>= 7)
        {
            message.Add((byte)(rest < 0x80 ? rest : (rest & 0x7F) | 0x80));
            if (rest < 0x80)
            {
                break;
            }
        }

        message.AddRange(name);
        var frame = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Count);
        return [.. frame, .. message];
    }

    private static string Shown(Uri url) => url.IsDefaultPort ? $"{url.Scheme}://{url.Host}:{url.Port}{url.PathAndQuery}" : url.ToString();

    private static string Bracket(string host) => host.Contains(':') ? $"[{host}]" : host;

    private static string Explain(HttpRequestException failed, string host, int port) =>
        failed.InnerException is SocketException socket ? $"dial tcp {Bracket(host)}:{port}: connect: {Words(socket)}" : failed.InnerException?.Message ?? failed.Message;

    private static string Words(SocketException failed) => failed.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.TimedOut => "connection timed out",
        SocketError.ConnectionReset => "connection reset by peer",
        _ => failed.Message,
    };
}

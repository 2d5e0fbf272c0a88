using System.Net.Sockets;
using System.Text;

namespace GrainKube.Kubelet.Probes;

/// <summary>Probes by HTTP, TCP and gRPC with upstream's rules and wording. Certificates are not verified, connections never reused.</summary>
internal sealed class NetworkProber(TimeProvider time) : INetworkProber, IDisposable
{
    /// <summary>What probes call themselves.</summary>
    public const string UserAgent = "kube-probe/1.37";

    private const int MostRedirects = 10;
    private const int MostBody = 10 * 1024;

    private readonly HttpClient client = ProbeClient.New(handler => handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true);
    private readonly GrpcHealth grpc = new(time);

    public void Dispose()
    {
        client.Dispose();
        grpc.Dispose();
    }

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

    public Task<ProbeOutcome> GrpcAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel) =>
        grpc.AskAsync($"{Bracket(host)}:{port}", service, timeout, cancel);

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
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        if (!request.Headers.Contains("Accept"))
        {
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
        }

        request.Headers.ConnectionClose = true;
        return request;
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

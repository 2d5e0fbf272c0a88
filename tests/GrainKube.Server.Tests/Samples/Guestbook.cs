using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Samples;

/// <summary><c>samples/guestbook</c> on a cluster: as it is, but for the image and a node port of its own.</summary>
internal sealed class Guestbook : IDisposable
{
    public const string Host = "guestbook.example";
    private readonly HttpClient http = Client();
    private readonly string ingressPort;

    private Guestbook(ServerCluster cluster)
    {
        ingressPort = cluster.IngressHttpPort;
        Kubectl = cluster.Kubectl(KubectlBinaries.Newest, "guestbook");
    }

    public KubectlClient Kubectl { get; }

    /// <summary>The web tier by the address of its Service.</summary>
    public Uri ByService { get; private set; } = null!;

    /// <summary>By a port of the node.</summary>
    public Uri ByNodePort { get; private set; } = null!;

    /// <summary>By the door of Ingress; the host is <see cref="Host"/>, which <see cref="Client"/> finds on this machine.</summary>
    public Uri ByIngress => new($"http://{Host}:{ingressPort}/");

    /// <summary>Applies the manifests and waits until everything is there.</summary>
    /// <param name="cluster">One with doors for Ingress.</param>
    public static async Task<Guestbook> DeployAsync(ServerCluster cluster)
    {
        var book = new Guestbook(cluster);
        var nodePort = TestRanges.NodePort().ToString(CultureInfo.InvariantCulture);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples", "guestbook"), "*.yaml").Order(StringComparer.Ordinal))
        {
            var manifest = (await File.ReadAllTextAsync(file)).Replace("grainkube.local/busybox:1", Sample.Image, StringComparison.Ordinal).Replace("30080", nodePort, StringComparison.Ordinal);
            await book.Kubectl.ApplyAsync(manifest);
        }

        foreach (var workload in new[] { "statefulset/db", "deployment/web", "daemonset/agent" })
        {
            await book.Kubectl.OkAsync("rollout", "status", workload, "--timeout=180s");
        }

        await book.Kubectl.OkAsync("wait", "--for=condition=complete", "job/migration", "--timeout=180s");
        book.ByService = new Uri($"http://{await book.Kubectl.GetAsync("service/web", "{.spec.clusterIP}")}/");
        var node = await book.Kubectl.GetAsync($"node/{cluster.NodeName}", "{.status.addresses[?(@.type==\"InternalIP\")].address}");
        book.ByNodePort = new Uri($"http://{node}:{nodePort}/");
        return book;
    }

    /// <summary>A client that makes a new connection for each request and so repeats none, and that finds the guestbook's host on this machine.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = static async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                var address = context.DnsEndPoint.Host == Host ? IPAddress.Loopback : IPAddress.Parse(context.DnsEndPoint.Host);
                await socket.ConnectAsync(address, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = Eventually.Bound,
    };

    /// <summary>The page with the entry, or the complaint, as it was last after waiting for the entry.</summary>
    public Task<string> PageAsync(Uri address, string entry) => Eventually.GetAsync(() => TextAsync(address), page => page.Contains("<li>" + entry, StringComparison.Ordinal), $"the entry at {address}");

    /// <summary>Signs the book.</summary>
    public async Task SignAsync(string entry)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("message", entry)]);
        using var answer = await http.PostAsync(ByService, form);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    public void Dispose() => http.Dispose();

    private async Task<string> TextAsync(Uri address)
    {
        try
        {
            using var answer = await http.GetAsync(address);
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException refused)
        {
            return refused.Message;
        }
    }
}

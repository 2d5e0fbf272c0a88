using System.Net;
using System.Net.Sockets;
using GrainKube.Server.Tests.Clusters;
using GrainKube.Server.Tests.Kubectl;

namespace GrainKube.Server.Tests.Networking;

/// <summary>Requests from outside that reach real containers.</summary>
public sealed class IngressTests : IAsyncLifetime
{
    private ServerCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await ServerCluster.StartWithIngressAsync();

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task An_ingress_leads_to_a_pod_and_says_where_and_what_is_wrong()
    {
        var kubectl = cluster.Kubectl(KubectlBinaries.Newest, await cluster.NewNamespaceAsync());
        await kubectl.UntilAsync("ingressclass/grainkube", "{.spec.controller}", "grainkube.io/ingress");
        await kubectl.ApplyAsync(Sample.Pod("web", "mkdir /tmp/www; echo from-the-pod >/tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www"));
        await kubectl.UntilAsync("pod/web", "{.status.containerStatuses[0].ready}", "true");
        var ip = await kubectl.GetAsync("pod/web", "{.status.podIP}");
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: web }
            spec: { clusterIP: None, ports: [{ name: http, port: 80, targetPort: 8080 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-1, labels: { kubernetes.io/service-name: web } }
            addressType: IPv4
            endpoints: [{ addresses: ["{{ip}}"], conditions: { ready: true } }]
            ports: [{ name: http, port: 8080 }]
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: { name: site }
            spec:
              tls: [{ hosts: [site.example], secretName: missing }]
              rules:
              - host: site.example
                http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }] }
            """);

        using var client = Client();
        Assert.Equal("from-the-pod\n", await Eventually.GetAsync(() => TextAsync(client, $"http://site.example:{cluster.IngressHttpPort}/"), text => text.StartsWith("from", StringComparison.Ordinal), "the page"));
        Assert.Equal("from-the-pod\n", await TextAsync(client, $"https://site.example:{cluster.IngressHttpsPort}/"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri($"http://other.example:{cluster.IngressHttpPort}/"))).StatusCode);
        await kubectl.UntilAsync("ingress/site", "{.spec.ingressClassName}", "grainkube");
        await kubectl.UntilAsync("ingress/site", "{.status.loadBalancer.ingress[0].ip}", address => address.Length > 0, "an address");
        await Eventually.GetAsync(() => kubectl.OkAsync("get", "events"), text => text.Contains("SecretNotFound", StringComparison.Ordinal), "a warning about the Secret");
        Assert.Contains(
            "must be a DNS name, not an IP address",
            (await kubectl.RunWithAsync("""
                { "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": { "name": "bad" }, "spec": { "rules": [{ "host": "10.0.0.1" }] } }
                """, "create", "-f", "-")).Fails(),
            StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(HttpClient client, string url)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(url));
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException refused)
        {
            return refused.Message;
        }
    }

    private static HttpClient Client() => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        ConnectCallback = static async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}

using System.Net;
using System.Text.Json.Nodes;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using GrainKube.Networking.Dns.Hosting;
using GrainKube.Testing.Clusters;

namespace GrainKube.Networking.Tests.Dns.Zone;

/// <summary>The DNS server in a cluster: what the API is told, names tell.</summary>
public sealed class ZoneFeedTests : IAsyncLifetime
{
    private GrainKubeCluster cluster = null!;
    private DnsClient dns = null!;

    public async Task InitializeAsync()
    {
        cluster = await GrainKubeCluster.StartAsync(configure: services => services.AddClusterDns(options =>
        {
            (options.Addresses, options.Port, options.Upstreams) = ([IPAddress.Loopback], 0, [new IPEndPoint(IPAddress.Loopback, 1)]);
        }));
        var port = Assert.Single(cluster.Service<ClusterDns>().Endpoints).Port;
        dns = new DnsClient([IPAddress.Loopback], [new UdpClientTransport(port), new TcpClientTransport(port)], true, 5000);
    }

    public async Task DisposeAsync()
    {
        ((IDisposable)dns).Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Names_follow_services_and_their_endpoints()
    {
        var space = await cluster.NamespaceAsync();
        var name = $"db.{space.Name}.svc.cluster.local";
        await cluster.ApplyAsync(Object($$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"db","namespace":"{{{space.Name}}}"},"spec":{"clusterIP":"None","ports":[{"name":"sql","port":5432}] } }"""));
        await UntilAsync(name, answer => answer.ReturnCode == ReturnCode.NxDomain);

        var slice = await cluster.ApplyAsync(Object($$$"""
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"db-1","namespace":"{{{space.Name}}}","labels":{"kubernetes.io/service-name":"db"} },
             "addressType":"IPv4","endpoints":[{"addresses":["10.1.2.3"],"hostname":"db-0","conditions":{"ready":true} }],"ports":[{"name":"sql","port":5432}] }
            """));
        await UntilAsync(name, answer => AddressesOf(answer) is ["10.1.2.3"]);
        await UntilAsync($"db-0.{name}", answer => AddressesOf(answer) is ["10.1.2.3"]);

        await cluster.PatchAsync(slice.Key, """{"endpoints":[{"addresses":["10.1.2.4"]},{"addresses":["10.1.2.5"],"conditions":{"ready":false} }] }""");
        await UntilAsync(name, answer => AddressesOf(answer) is ["10.1.2.4"]);

        await cluster.Objects.DeleteAsync(slice.Key, null, CancellationToken.None);
        await UntilAsync(name, answer => answer.ReturnCode == ReturnCode.NxDomain);
    }

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static string[] AddressesOf(DnsMessage answer) => [.. answer.AnswerRecords.OfType<ARecord>().Select(a => a.Address.ToString())];

    private async Task UntilAsync(string name, Func<DnsMessage, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await dns.ResolveAsync(DomainName.Parse(name)) is not { } answer || !condition(answer))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

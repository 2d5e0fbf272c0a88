using System.Net;
using System.Net.Sockets;

namespace GrainKube.Networking.Tests.Dns.Serving;

public sealed class DnsListenerTests
{
    [Fact]
    public async Task Any_free_port_is_one_that_is_free_for_both_protocols_and_shared_with_nobody()
    {
        var held = Enumerable.Range(0, 1000).Select(_ => Held()).ToList();
        var servers = new List<DnsBench>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                servers.Add(new DnsBench());
            }

            Assert.Equal(servers.Count, servers.Select(server => server.Endpoint.Port).Distinct().Count());
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static TcpListener Held()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using GrainKube.Hosting;
using GrainKube.Networking.Proxy.Health;
using GrainKube.Networking.Proxy.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace GrainKube.Networking.Tests.Proxy.Health;

public sealed class HealthPortsTests : IDisposable
{
    private static readonly ServiceName Web = new("shop", "web");
    private readonly HealthPorts ports = new(NullLogger<HealthPorts>.Instance);
    private readonly HttpClient http = new();
    private readonly int port = LoopbackPorts.Next();

    public void Dispose()
    {
        ports.Dispose();
        http.Dispose();
    }

    [Fact]
    public async Task A_node_with_endpoints_is_healthy_one_without_is_not_and_the_port_closes_with_the_service()
    {
        ports.Update(new ProxiedService(Web, [], new ServiceHealth(port, 2)));
        using (var healthy = await http.GetAsync(Address))
        {
            Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
            Assert.Equal("""{"service":{"namespace":"shop","name":"web"},"localEndpoints":2,"serviceProxyHealthy":true}""", await healthy.Content.ReadAsStringAsync());
            Assert.Equal("2", healthy.Headers.GetValues("X-Load-Balancing-Endpoint-Weight").Single());
        }

        ports.Update(new ProxiedService(Web, [], new ServiceHealth(port, 0)));
        using (var empty = await http.GetAsync(Address))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, empty.StatusCode);
        }

        ports.Update(new ProxiedService(Web, []));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(Address));
    }

    [Fact]
    public async Task A_port_that_is_taken_does_no_harm_to_others()
    {
        using var taken = new TcpListener(IPAddress.Any, 0);
        taken.Start();
        ports.Update(new ProxiedService(new ServiceName("shop", "late"), [], new ServiceHealth(((IPEndPoint)taken.LocalEndpoint).Port, 1)));
        ports.Update(new ProxiedService(Web, [], new ServiceHealth(port, 1)));

        using var healthy = await http.GetAsync(Address);
        Assert.Equal(HttpStatusCode.OK, healthy.StatusCode);
    }

    private Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
}

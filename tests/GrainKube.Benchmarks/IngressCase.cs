using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace GrainKube.Benchmarks;

/// <summary>What a request through Ingress costs beside one through a YARP that has nothing else to do: same backend, same client, in turns. Both speak HTTP/1.1 on both sides.</summary>
internal static class IngressCase
{
    private const int Rounds = 5;
    private const int Requests = 20_000;
    private const int Clients = 32;
    private const string Host = "bench.example";

    public static async Task RunAsync(string executable, Table table)
    {
        var page = new byte[1024];
        await using var backend = await StartAsync(IPAddress.Any, _ => { }, app => app.Run(context => context.Response.Body.WriteAsync(page).AsTask()));
        var target = new UriBuilder("http", OwnAddress().ToString(), new Uri(backend.Urls.Single()).Port).Uri;
        await using var bare = await StartAsync(IPAddress.Loopback, services => services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "backend", Match = new RouteMatch { Path = "/{**any}" } }],
            [new ClusterConfig { ClusterId = "backend", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = target.ToString() } } }]), app => app.MapReverseProxy());
        var door = FreePort();
        await using var server = await ServerProcess.StartAsync(executable, $"--ingress-http-port {door} --ingress-https-port 0");
        using var admin = server.NewClient();
        await PublishAsync(admin, target);

        using var direct = Client(target);
        using var throughBare = Client(new Uri(bare.Urls.Single()));
        using var throughDoor = Client(new Uri($"http://127.0.0.1:{door}"));
        while (!(await throughDoor.GetAsync("/")).IsSuccessStatusCode)
        {
            await Task.Delay(50);
        }

        var rates = new List<(double Direct, double Bare, double Door)>();
        for (var round = 0; round <= Rounds; round++)
        {
            var rate = (await RateAsync(direct), await RateAsync(throughBare), await RateAsync(throughDoor));
            if (round > 0)
            {
                rates.Add(rate); // the first warms up
            }
        }

        var (free, reference, ingress) = (Middle(rates.Select(r => r.Direct)), Middle(rates.Select(r => r.Bare)), Middle(rates.Select(r => r.Door)));
        table.Add("ingress", "requests of 1 KB without a proxy, 32 clients", string.Create(CultureInfo.InvariantCulture, $"{free:F0}/s"), "");
        table.Add("ingress", "through a bare YARP", string.Create(CultureInfo.InvariantCulture, $"{reference:F0}/s"), "");
        table.Add("ingress", "through Ingress", string.Create(CultureInfo.InvariantCulture, $"{ingress:F0}/s, {ingress / reference * 100:F0} % of a bare YARP"), "70 %");
    }

    /// <summary>A Service without pods whose endpoint is the backend, and an Ingress for it.</summary>
    private static async Task PublishAsync(HttpClient admin, Uri target)
    {
        await Load.NamespaceAsync(admin, "bench");
        await Load.SendAsync(admin, HttpMethod.Post, "/api/v1/namespaces/bench/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}""");
        await Load.SendAsync(admin, HttpMethod.Post, "/apis/discovery.k8s.io/v1/namespaces/bench/endpointslices", $$$"""
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"web-1","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4",
             "ports":[{"name":"","port":{{{target.Port}}},"protocol":"TCP"}],"endpoints":[{"addresses":["{{{target.Host}}}"],"conditions":{"ready":true}}]}
            """);
        await Load.SendAsync(admin, HttpMethod.Post, "/apis/networking.k8s.io/v1/namespaces/bench/ingresses", $$$$$"""
            {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"web"},"spec":{"rules":[{"host":"{{{{{Host}}}}}","http":{"paths":[
             {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
            """);
    }

    private static async Task<double> RateAsync(HttpClient http)
    {
        var clock = Stopwatch.StartNew();
        await Load.MeasureAsync(Requests, Clients, _ => Load.SendAsync(http, HttpMethod.Get, "/"));
        return Requests / clock.Elapsed.TotalSeconds;
    }

    private static double Middle(IEnumerable<double> rates) => rates.Order().ElementAt(Rounds / 2);

    private static HttpClient Client(Uri address)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients }) { BaseAddress = address };
        http.DefaultRequestHeaders.Host = Host;
        return http;
    }

    private static async Task<WebApplication> StartAsync(IPAddress address, Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, 0));
        services(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>Endpoints cannot be on loopback: an address of this machine that packets to itself reach.</summary>
    private static IPAddress OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(i => i.GetIPProperties().UnicastAddresses)
        .First(a => a.Address.AddressFamily == AddressFamily.InterNetwork).Address;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net;
using System.Net.Security;
using GrainKube.Networking.Ingress;
using GrainKube.Networking.Ingress.Certificates;
using GrainKube.Networking.Ingress.Doors;
using GrainKube.Networking.Ingress.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace GrainKube.Networking.Tests.Ingress.Doors;

/// <summary>Both doors on free loopback ports, and backends behind them that say what they saw.</summary>
internal sealed class DoorBench : IAsyncDisposable
{
    private readonly List<WebApplication> backends = [];
    private readonly ServiceProvider services = new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider();
    private readonly IngressForwarding forwarding;
    private IngressDoor? plain;
    private IngressDoor? tls;

    private DoorBench() => forwarding = new IngressForwarding(services.GetRequiredService<IHttpForwarder>(), State);

    public IngressState State { get; } = new(TimeProvider.System);

    public FakeWorld World { get; } = new();

    public int Port => plain!.Port;

    public int TlsPort => tls!.Port;

    public static async Task<DoorBench> StartAsync()
    {
        var bench = new DoorBench();
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        bench.plain = await IngressDoor.OpenAsync(any, tls: false, bench.forwarding, bench.State, CancellationToken.None);
        bench.tls = await IngressDoor.OpenAsync(any, tls: true, bench.forwarding, bench.State, CancellationToken.None);
        return bench;
    }

    /// <summary>Another door.</summary>
    public Task<IngressDoor> OpenAsync(IPEndPoint endpoint) => IngressDoor.OpenAsync(endpoint, tls: false, forwarding, State, CancellationToken.None);

    /// <summary>A backend that answers with its name, the path and what the request said of its way.</summary>
    /// <returns>Its port.</returns>
    public async Task<int> BackendAsync(string name, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[1024];
                var got = await socket.ReceiveAsync(buffer, CancellationToken.None);
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, true, CancellationToken.None);
                return;
            }

            var headers = context.Request.Headers;
            await context.Response.WriteAsync(
                $"{name} {context.Request.Protocol} {context.Request.Host} {context.Request.Path}{context.Request.QueryString} for={headers["X-Forwarded-For"]} proto={headers["X-Forwarded-Proto"]} host={headers["X-Forwarded-Host"]}");
        });
        await app.StartAsync();
        backends.Add(app);
        return new Uri(app.Urls.First()).Port;
    }

    /// <summary>Makes the objects of <see cref="World"/> the truth.</summary>
    public void Publish() => State.Replace(World.Routes, CertificateTable.Build(World.Ingresses, World, CertificateTable.Read));

    /// <summary>A client that reaches the doors under any name.</summary>
    public HttpClient Client(Action<SslClientAuthenticationOptions>? configure = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        configure?.Invoke(handler.SslOptions);
        return new HttpClient(handler);
    }

    public async ValueTask DisposeAsync()
    {
        await plain!.DisposeAsync();
        await tls!.DisposeAsync();
        foreach (var backend in backends)
        {
            await backend.DisposeAsync();
        }

        forwarding.Dispose();
        await services.DisposeAsync();
    }
}

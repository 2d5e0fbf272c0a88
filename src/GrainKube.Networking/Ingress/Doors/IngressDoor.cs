using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using GrainKube.Networking.Ingress.Forwarding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace GrainKube.Networking.Ingress.Doors;

/// <summary>A port on which requests from outside arrive. Open from <see cref="OpenAsync"/> until disposed.</summary>
internal sealed class IngressDoor : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly WebApplication app;

    private IngressDoor(WebApplication app) => this.app = app;

    /// <summary>The port it listens on.</summary>
    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <param name="endpoint">Where to listen; port 0 takes a free one.</param>
    /// <param name="tls">Whether clients speak TLS.</param>
    /// <param name="forwarding">Takes the requests.</param>
    /// <param name="state">Knows the certificates.</param>
    /// <param name="cancel">Stops opening.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<IngressDoor> OpenAsync(IPEndPoint endpoint, bool tls, IngressForwarding forwarding, IngressState state, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(endpoint, listen =>
            {
                listen.Protocols = tls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                if (tls)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = hello => ValueTask.FromResult(OptionsFor(hello.ClientHelloInfo.ServerName, state)) });
                }
            });
        });
        var app = builder.Build();
        app.Run(forwarding.HandleAsync);
        try
        {
            await app.StartAsync(cancel);
            return new IngressDoor(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no new requests, and gives those under way a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }

    private static SslServerAuthenticationOptions OptionsFor(string? host, IngressState state) => new()
    {
        ServerCertificateContext = state.CertificateFor(host ?? ""),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    /// <summary>The process's signals are the server's business.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using GrainKube.Security.Pki;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace GrainKube.Hosting.Connections;

/// <summary>How the gateway listens: TLS always, client certificates welcome, enough streams for clients that hold hundreds of watches.</summary>
internal static class GatewayListener
{
    private const int StreamsPerConnection = 10_000;
    private const int ConnectionWindow = 4 << 20;
    private const int StreamWindow = 1 << 20;
    private const int LongestAddress = 256 << 10;

    /// <summary>Nothing is asked of the machine's authorities or of addresses that a client's certificate names: the authenticator builds its own chain.</summary>
    private static readonly X509ChainPolicy NoChain = new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true,
    };

    public static void Listen(WebApplicationBuilder builder, GrainKubeOptions options, ServerCertificate certificate)
    {
        builder.Services.AddSingleton<IConnectionListenerFactory, TlsListenerFactory>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
            kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;

            // Watches and logs may be silent for long; the gateway has limits of its own.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxResponseBufferSize = 4 << 20; // long lists leave in few, large writes
            kestrel.Limits.MaxRequestBodySize = null;

            // Selectors make long addresses; all headers together may have what Go's servers let them have.
            kestrel.Limits.MaxRequestLineSize = LongestAddress;
            kestrel.Limits.Http2.MaxRequestHeaderFieldSize = LongestAddress;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 20;
            kestrel.Listen(IPAddress.Parse(options.BindAddress), options.Port, listen =>
            {
                var tls = new TlsConnections(() => HandshakeWith(certificate.Context), TimeProvider.System);
                listen.Use(next => connection => tls.RunAsync(connection, next));
            });
        });
    }

    private static SslServerAuthenticationOptions HandshakeWith(SslStreamCertificateContext certificate) => new()
    {
        ServerCertificateContext = certificate,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],

        // A client's certificate is welcome; whose it is, and whether it is to be believed, the authenticator says.
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
        CertificateChainPolicy = NoChain,
    };
}

using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;

namespace GrainKube.Etcd.Connection;

/// <summary>One server and the stubs to call it.</summary>
internal sealed class EtcdEndpoint : IDisposable
{
    private readonly SocketsHttpHandler handler;
    private readonly GrpcChannel channel;

    public EtcdEndpoint(Uri address, EtcdOptions options)
    {
        Address = address;
        handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false, // etcd never does; looking whether it did costs every call.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10), // etcd closes connections that ping more often than every five.
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            InitialHttp2StreamWindowSize = 1 << 20,
            // With a connect callback the channel leaves reconnecting to the handler, which does it at once; its own waits up to two minutes.
            ConnectCallback = ConnectAsync,
            SslOptions = TlsOptions(options),
        };
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Keys = new KV.KVClient(channel);
        Invoker = channel.CreateCallInvoker();
        Leases = new Lease.LeaseClient(channel);
        Users = new Auth.AuthClient(channel);
    }

    public Uri Address { get; }

    public KV.KVClient Keys { get; }

    /// <summary>For calls that are described elsewhere.</summary>
    public CallInvoker Invoker { get; }

    public Lease.LeaseClient Leases { get; }

    public Auth.AuthClient Users { get; }

    /// <summary>The token of the user at this server, once there was one.</summary>
    public Metadata? Credentials { get; set; }

    public void Dispose()
    {
        channel.Dispose();
        handler.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SslClientAuthenticationOptions TlsOptions(EtcdOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.CertificateFile is not null)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile)];
        }

        if (options.CertificateAuthorityFile is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.CertificateAuthorityFile);
            tls.CertificateChainPolicy = policy;
        }

        return tls;
    }
}

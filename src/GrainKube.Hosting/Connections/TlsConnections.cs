using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace GrainKube.Hosting.Connections;

/// <summary>
/// Makes each connection secure straight on its socket. The framework's own way has a pair of pipes and two turns of the thread pool more between TLS and the socket:
/// a watcher on a connection of its own costs half as much again there.
/// </summary>
internal sealed class TlsConnections(Func<SslServerAuthenticationOptions> options, TimeProvider time)
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);

    public async Task RunAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = (SocketConnection)context;
        await using var tls = new SslStream(new SocketStream(connection.Socket), leaveInnerStreamOpen: false);
        if (!await HandshakeAsync(tls))
        {
            return;
        }

        var features = new TlsFeatures(tls);
        context.Features.Set<ITlsConnectionFeature>(features);
        context.Features.Set<ITlsHandshakeFeature>(features);
        context.Features.Set<ITlsApplicationProtocolFeature>(features);
        var input = new TlsInput(tls, connection);
        var reading = input.RunAsync();
        if (tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2)
        {
            var queue = new TlsQueue(tls, connection);
            var sending = queue.RunAsync();
            context.Transport = new Duplex(input.Reader, queue.Writer);
            await next(context);
            await queue.Writer.CompleteAsync();
            await sending;
        }
        else
        {
            context.Transport = new Duplex(input.Reader, new TlsOutput(tls, connection));
            await next(context);
        }

        if (!connection.ConnectionClosed.IsCancellationRequested)
        {
            await SayGoodbyeAsync(tls);
        }

        connection.Close();
        await reading;
    }

    private async Task<bool> HandshakeAsync(SslStream tls)
    {
        using var limit = new CancellationTokenSource(HandshakeTimeout, time);
        try
        {
            await tls.AuthenticateAsServerAsync(options(), limit.Token);
            return true;
        }
        catch (Exception error) when (error is AuthenticationException or OperationCanceledException || ClientGone.Is(error))
        {
            return false; // not TLS, too slow, or gone: no client of ours
        }
    }

    /// <summary>Tells the client that nothing was cut off (RFC 8446, section 6.1), if it still listens.</summary>
    private async Task SayGoodbyeAsync(SslStream tls)
    {
        try
        {
            await tls.ShutdownAsync().WaitAsync(GoodbyeTimeout, time);
            await tls.FlushAsync().WaitAsync(GoodbyeTimeout, time);
        }
        catch (Exception error) when (error is TimeoutException || ClientGone.Is(error))
        {
            // It does not.
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

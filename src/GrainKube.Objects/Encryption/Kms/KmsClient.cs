using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Grpc.Net.Client;
using GrainKube.Objects.Encryption.Kms.Wire;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>Speaks to a plugin through its Unix socket.</summary>
internal sealed class KmsClient : IDisposable
{
    private readonly KmsSettings settings;
    private readonly TimeProvider time;
    private readonly SocketsHttpHandler handler;
    private readonly GrpcChannel channel;
    private readonly KeyManagementService.KeyManagementServiceClient plugin;

    public KmsClient(KmsSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = ConnectAsync,
        };
        channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler });
        plugin = new KeyManagementService.KeyManagementServiceClient(channel);
    }

    /// <exception cref="KmsException">It did not answer, or refused.</exception>
    public Task<StatusResponse> StatusAsync(CancellationToken cancel) => CallAsync("Status", options => plugin.StatusAsync(new StatusRequest(), options), cancel);

    /// <inheritdoc cref="StatusAsync"/>
    public Task<EncryptResponse> EncryptAsync(string uid, byte[] plain, CancellationToken cancel) =>
        CallAsync("Encrypt", options => plugin.EncryptAsync(new EncryptRequest { Uid = uid, Plaintext = UnsafeByteOperations.UnsafeWrap(plain) }, options), cancel);

    /// <inheritdoc cref="StatusAsync"/>
    public async Task<byte[]> DecryptAsync(ByteString sealedKey, string keyId, MapField<string, ByteString> annotations, CancellationToken cancel)
    {
        var request = new DecryptRequest { Uid = Guid.NewGuid().ToString(), Ciphertext = sealedKey, KeyId = keyId, Annotations = { annotations } };
        return (await CallAsync("Decrypt", options => plugin.DecryptAsync(request, options), cancel)).Plaintext.ToByteArray();
    }

    public void Dispose()
    {
        channel.Dispose();
        handler.Dispose();
    }

    private async Task<T> CallAsync<T>(string method, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var began = time.GetTimestamp();
        var code = StatusCode.OK;
        try
        {
            using var pending = call(new CallOptions(cancellationToken: both.Token));
            return await pending.ResponseAsync;
        }
        catch (RpcException) when (cancel.IsCancellationRequested)
        {
            code = StatusCode.Cancelled;
            throw new OperationCanceledException(cancel);
        }
        catch (RpcException) when (limit.IsCancellationRequested)
        {
            code = StatusCode.DeadlineExceeded;
            throw new KmsException($"rpc error: code = DeadlineExceeded desc = no answer to {method} within {settings.Timeout.TotalSeconds:0.###}s");
        }
        catch (RpcException failed)
        {
            code = failed.StatusCode;
            throw new KmsException($"rpc error: code = {code} desc = {Reason(failed)}");
        }
        finally
        {
            KmsMetrics.Called(settings.Name, method, code, time.GetElapsedTime(began));
        }
    }

    private string Reason(RpcException failed) => failed.Status.DebugException?.GetBaseException() is SocketException socket
        ? $"connection error: dial unix {settings.Socket.Replace('\0', '@')}: {(socket.SocketErrorCode == SocketError.AddressNotAvailable ? "no such file or directory" : socket.Message)}"
        : failed.Status.Detail;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(settings.Socket), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using Etcdserverpb;
using GrainKube.Objects.Store;
using Grpc.Core;

namespace GrainKube.Etcd.Connection;

/// <summary>The servers of one etcd: calls go to the one that worked last, and on to the next where it does not answer.</summary>
internal sealed class EtcdConnection : IDisposable
{
    private readonly EtcdOptions options;
    private readonly TimeProvider time;
    private readonly EtcdEndpoint[] endpoints;
    private readonly SemaphoreSlim authenticating = new(1);
    private int current;

    public EtcdConnection(EtcdOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        endpoints = [.. Addresses(options.Endpoints).Select(address => new EtcdEndpoint(address, options))];
    }

    /// <summary>The endpoint that worked last.</summary>
    public EtcdEndpoint Current => endpoints[Volatile.Read(ref current)];

    public static IEnumerable<Uri> Addresses(string endpoints) =>
        endpoints.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(endpoint => new Uri(endpoint));

    /// <summary>Calls that may be repeated: tried at every endpoint.</summary>
    /// <exception cref="StoreException">The answer is an error, or nobody answers.</exception>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(
        Func<EtcdEndpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var place = Volatile.Read(ref current);
            try
            {
                return await CallAsync(endpoints[place], call, request, cancel);
            }
            catch (RpcException failure)
            {
                cancel.ThrowIfCancellationRequested();
                Leave(place, failure);
                if (!failure.IsOpen() || attempt >= Math.Max(2, endpoints.Length))
                {
                    throw failure.ToStoreException(endpoints[place].Address);
                }
            }
        }
    }

    /// <summary>A call that must not be repeated blindly: goes on to the next endpoint only while none was reached.</summary>
    /// <exception cref="RpcException">Whether it happened is open.</exception>
    /// <exception cref="StoreException">It was refused, or nobody could be reached: it did not happen.</exception>
    public async Task<TResponse> TellAsync<TRequest, TResponse>(Func<EtcdEndpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            var place = Volatile.Read(ref current);
            try
            {
                return await CallAsync(endpoints[place], call, request, default);
            }
            catch (RpcException failure)
            {
                Leave(place, failure);
                if (!failure.IsOpen() || (failure.NeverSent() && attempt >= endpoints.Length))
                {
                    throw failure.ToStoreException(endpoints[place].Address);
                }

                if (!failure.NeverSent())
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Credentials for a long-lived stream; null where etcd asks for none.</summary>
    public async ValueTask<Metadata?> CredentialsAsync(EtcdEndpoint endpoint, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(options.User))
        {
            return null;
        }

        if (endpoint.Credentials is { } known)
        {
            return known;
        }

        await authenticating.WaitAsync(cancel);
        try
        {
            var request = new AuthenticateRequest { Name = options.User, Password = options.Password ?? "" };
            return endpoint.Credentials ??= new Metadata { { "token", (await endpoint.Users.AuthenticateAsync(request, Options(null, cancel))).Token } };
        }
        finally
        {
            authenticating.Release();
        }
    }

    /// <summary>The next call goes to the next endpoint, unless another call has moved on already.</summary>
    public void Leave(EtcdEndpoint endpoint, RpcException failure) => Leave(Array.IndexOf(endpoints, endpoint), failure);

    public void Dispose()
    {
        foreach (var endpoint in endpoints)
        {
            endpoint.Dispose();
        }

        authenticating.Dispose();
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        EtcdEndpoint endpoint, Func<EtcdEndpoint, TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request, CancellationToken cancel)
    {
        for (var fresh = false; ; fresh = true)
        {
            try
            {
                return await call(endpoint, request, Options(await CredentialsAsync(endpoint, cancel), cancel));
            }
            catch (RpcException failure) when (!fresh && failure.WantsNewToken() && endpoint.Credentials is not null)
            {
                endpoint.Credentials = null;
            }
        }
    }

    private CallOptions Options(Metadata? credentials, CancellationToken cancel) =>
        new(credentials, time.GetUtcNow().UtcDateTime + options.RequestTimeout, cancel);

    private void Leave(int place, RpcException failure)
    {
        if (failure.IsOpen())
        {
            Interlocked.CompareExchange(ref current, (place + 1) % endpoints.Length, place);
        }
    }
}

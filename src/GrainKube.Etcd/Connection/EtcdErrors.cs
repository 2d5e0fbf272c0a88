using GrainKube.Objects.Store;
using Grpc.Core;

namespace GrainKube.Etcd.Connection;

/// <summary>What etcd's refusals mean to a caller of the store. etcd tells many apart only by their text.</summary>
internal static class EtcdErrors
{
    public static StoreException ToStoreException(this RpcException failure, Uri endpoint)
    {
        var text = failure.Status.Detail;
        return failure.StatusCode switch
        {
            StatusCode.OutOfRange when text.Contains("compacted", StringComparison.Ordinal) => new(StoreError.Compacted, text),
            StatusCode.OutOfRange when text.Contains("future revision", StringComparison.Ordinal) => new(StoreError.FutureRevision, text),
            StatusCode.ResourceExhausted when text.Contains("space exceeded", StringComparison.Ordinal) => new(StoreError.NoSpace, $"etcd {endpoint} has no space left: {text}"),
            StatusCode.ResourceExhausted when text.Contains("larger than max", StringComparison.Ordinal) => TooLarge(text),
            StatusCode.InvalidArgument when text.Contains("too large", StringComparison.Ordinal) || text.Contains("too many operations", StringComparison.Ordinal) => TooLarge(text),
            StatusCode.InvalidArgument when text.Contains("authentication failed", StringComparison.Ordinal) || text.Contains("user name", StringComparison.Ordinal) => Unauthorized(endpoint, text),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => Unauthorized(endpoint, text),
            _ => new(StoreError.Unavailable, $"etcd {endpoint} does not answer: {text}"),
        };
    }

    /// <summary>The server was never reached, so nothing can have happened there.</summary>
    public static bool NeverSent(this RpcException failure) =>
        failure.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError };

    /// <summary>Another server, or the same one later, may answer better; whether this one did something is open.</summary>
    public static bool IsOpen(this RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled;

    /// <summary>The token is no longer taken; the request was refused before anything happened.</summary>
    public static bool WantsNewToken(this RpcException failure) =>
        (failure.StatusCode is StatusCode.Unauthenticated && failure.Status.Detail.Contains("invalid auth token", StringComparison.Ordinal))
        || failure.Status.Detail.Contains("revision of auth store is old", StringComparison.Ordinal)
        || failure.Status.Detail.Contains("user name is empty", StringComparison.Ordinal);

    private static StoreException TooLarge(string text) => new(StoreError.TooLarge, $"more than etcd takes at once: {text}");

    private static StoreException Unauthorized(Uri endpoint, string text) => new(StoreError.Unauthorized, $"etcd {endpoint} refuses the credentials: {text}");
}

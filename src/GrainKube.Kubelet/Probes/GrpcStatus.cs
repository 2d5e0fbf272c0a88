using System.Globalization;
using System.Net;

namespace GrainKube.Kubelet.Probes;

/// <summary>How a gRPC call ended, read from an HTTP response.</summary>
internal static class GrpcStatus
{
    public const int Ok = 0;
    public const int Unknown = 2;
    public const int DeadlineExceeded = 4;
    public const int PermissionDenied = 7;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unavailable = 14;
    public const int Unauthenticated = 16;

    private static readonly string[] Names =
    [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange",
        "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ];

    /// <summary>A code as gRPC libraries write it.</summary>
    public static string NameOf(int code) => code >= 0 && code < Names.Length ? Names[code] : string.Create(CultureInfo.InvariantCulture, $"Code({code})");

    /// <summary>Code and message: from the trailers (or the headers, where there is no body); from the HTTP status where it is no gRPC server that answers.</summary>
    public static (int Code, string Message) Of(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (response.StatusCode == HttpStatusCode.OK && type is not null && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase))
        {
            return Find(response, "grpc-status") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? (code, Uri.UnescapeDataString(Find(response, "grpc-message") ?? ""))
                : (Internal, "server closed the stream without sending trailers");
        }

        var status = (int)response.StatusCode;
        var wrongType = type is null ? "malformed header: missing HTTP content-type" : $"transport: received unexpected content-type \"{response.Content.Headers.ContentType}\"";
        return response.StatusCode == HttpStatusCode.OK
            ? (Unknown, wrongType)
            : (CodeOf(response.StatusCode), string.Create(CultureInfo.InvariantCulture, $"unexpected HTTP status code received from server: {status} ({response.ReasonPhrase}); {wrongType}"));
    }

    /// <summary>What an HTTP status means for a call, as the gRPC protocol says.</summary>
    private static int CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => Internal,
        HttpStatusCode.Unauthorized => Unauthenticated,
        HttpStatusCode.Forbidden => PermissionDenied,
        HttpStatusCode.NotFound => Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Unavailable,
        _ => Unknown,
    };

    private static string? Find(HttpResponseMessage response, string header) =>
        response.TrailingHeaders.TryGetValues(header, out var trailers) ? trailers.First()
        : response.Headers.TryGetValues(header, out var headers) ? headers.First() : null;
}

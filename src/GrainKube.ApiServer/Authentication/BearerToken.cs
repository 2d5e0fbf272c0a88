using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Finds the bearer token of a request.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const string Protocol = "base64url.bearer.authorization.k8s.io.";

    /// <summary>The protocols that a client offers without the one that is its token.</summary>
    public static IEnumerable<string> WithoutToken(IEnumerable<string?> offers) => offers
        .Select(offered => string.Join(", ", (offered ?? "").Split(',', StringSplitOptions.TrimEntries).Where(protocol => !protocol.StartsWith(Protocol, StringComparison.Ordinal))))
        .Where(offered => offered.Length > 0);

    /// <summary>The token, or empty. A browser cannot set headers on a WebSocket: it sends the token as one of the protocols it offers.</summary>
    public static string Of(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return header[Scheme.Length..].Trim();
        }

        foreach (var offered in context.Request.Headers.SecWebSocketProtocol)
        {
            foreach (var protocol in (offered ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (protocol.StartsWith(Protocol, StringComparison.Ordinal) && Base64Url.IsValid(protocol.AsSpan(Protocol.Length)))
                {
                    return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(protocol.AsSpan(Protocol.Length)));
                }
            }
        }

        return "";
    }
}

using GrainKube.ApiMachinery.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.ApiServer.Streaming.Spdy;

/// <summary>The change from HTTP/1.1 to SPDY/3.1, and what is to be spoken over it.</summary>
internal static class SpdyUpgrade
{
    private const string Protocol = "SPDY/3.1";
    private const string Versions = "X-Stream-Protocol-Version";
    private const string Accepted = "X-Accept-Stream-Protocol-Versions";

    public static bool IsAsked(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && context.Request.Headers.Upgrade.Any(value => value is not null && value.Contains(Protocol, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first of the client's versions that is among ours.</summary>
    /// <exception cref="ApiException">403 in upstream's words where there is none.</exception>
    public static string Negotiate(HttpContext context, params IReadOnlyList<string> ours)
    {
        var theirs = context.Request.Headers[Versions].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (theirs.Count == 0)
        {
            throw ApiException.BadRequest($"unable to upgrade: {Versions} is required");
        }

        if (theirs.FirstOrDefault(ours.Contains) is { } chosen)
        {
            context.Response.Headers[Versions] = chosen;
            return chosen;
        }

        context.Response.Headers[Accepted] = ours.ToArray();
        var message = $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', theirs)}], server accepts [{string.Join(' ', ours)}]";
        throw new ApiException(new Status { Code = 403, Reason = "Forbidden", Message = message });
    }

    public static async Task<SpdyConnection> AcceptAsync(HttpContext context)
    {
        context.Response.Headers.Upgrade = Protocol;
        return new SpdyConnection(await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
    }
}

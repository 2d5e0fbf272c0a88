using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Aggregation;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Security.Identity;
using GrainKube.Security.Pki;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Authentication;

/// <summary>A proxy that has found out itself who asks, and says so in headers; it is believed by its certificate.</summary>
internal sealed class RequestHeaderAuthenticator(FrontProxy proxy) : IAuthenticator
{
    // As for other certificates: one instance belongs to one connection, and building its chain is dear.
    private readonly ConditionalWeakTable<X509Certificate2, object> connections = [];

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        return ValueTask.FromResult(headers[FrontProxy.UserHeader].ToString() is { Length: > 0 } name && context.Connection.ClientCertificate is { } certificate && IsProxy(certificate)
            ? new UserInfo { Name = name, Uid = headers[FrontProxy.UidHeader].ToString(), Groups = Groups(headers), Extra = Extra(headers) }
            : null);
    }

    private bool IsProxy(X509Certificate2 certificate) => (bool)connections.GetValue(certificate, shown => proxy.IsProxy(shown));

    private static IReadOnlyList<string> Groups(IHeaderDictionary headers)
    {
        var groups = headers[FrontProxy.GroupHeader].OfType<string>().ToList();
        if (!groups.Contains(WellKnown.Authenticated) && !groups.Contains(WellKnown.Unauthenticated))
        {
            groups.Add(WellKnown.Authenticated);
        }

        return groups;
    }

    private static Dictionary<string, IReadOnlyList<string>> Extra(IHeaderDictionary headers) => headers
        .Where(header => header.Key.StartsWith(FrontProxy.ExtraPrefix, StringComparison.OrdinalIgnoreCase) && header.Key.Length > FrontProxy.ExtraPrefix.Length)
        .GroupBy(header => RemoteUser.Unescape(header.Key[FrontProxy.ExtraPrefix.Length..]))
        .ToDictionary(key => key.Key, IReadOnlyList<string> (key) => [.. key.SelectMany(header => header.Value).OfType<string>()]);
}

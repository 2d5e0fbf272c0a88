using GrainKube.ApiServer.Endpoints;
using Microsoft.AspNetCore.Http.Features;

namespace GrainKube.ApiServer.Proxying;

/// <summary>The path of a proxied request, cut where the target's own begins; as it stands on the wire, because an escaped character may mean something to the target.</summary>
/// <param name="Prefix">Up to and with <c>/proxy</c>.</param>
/// <param name="Path">What follows; empty where nothing does.</param>
/// <param name="Query">With its question mark, or empty.</param>
internal readonly record struct ProxyPath(string Prefix, string Path, string Query)
{
    public static ProxyPath Of(ResourceCall call)
    {
        var target = call.Http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
        {
            target = absolute.PathAndQuery;
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (target, "") : (target[..question], target[question..]);
        var at = 0;

        // api, version, [namespaces, NAMESPACE,] resource, NAME, proxy
        for (var segments = call.Info.Namespace.Length > 0 ? 7 : 5; segments > 0; segments--)
        {
            while (at < path.Length && path[at] == '/')
            {
                at++;
            }

            at = path.IndexOf('/', at) is var next and >= 0 ? next : path.Length;
        }

        return new ProxyPath(path[..at], path[at..], query);
    }
}

using System.Text.RegularExpressions;

namespace GrainKube.ApiServer.Proxying;

/// <summary>Makes the links of a target's answer lead through the proxy again, as upstream does: in <c>Location</c> and in the attributes of HTML that hold addresses.</summary>
internal static partial class Rewriting
{
    /// <param name="url">As the target wrote it.</param>
    /// <param name="prefix">The proxy's path up to the target's own.</param>
    /// <param name="host">The target's address and port.</param>
    /// <param name="requestHost">The host that the client spoke to.</param>
    public static string Url(string url, string prefix, string host, string requestHost)
    {
        var path = url;
        if (Absolute().Match(url) is { Success: true } absolute)
        {
            var named = absolute.Groups[1].Value;
            if (named != host && named != requestHost)
            {
                return url;
            }

            path = absolute.Groups[2].Length > 0 ? absolute.Groups[2].Value : "/";
        }

        // A relative address leads through the proxy by itself.
        return !path.StartsWith('/') || path.StartsWith(prefix, StringComparison.Ordinal) ? path : prefix + path;
    }

    public static string Html(string html, string prefix, string host, string requestHost) => Tag().Replace(html, tag => Address().Replace(
        tag.Value,
        attribute => attribute.Groups[1].Value + attribute.Groups[2].Value + Url(attribute.Groups[3].Value, prefix, host, requestHost) + attribute.Groups[2].Value));

    [GeneratedRegex("^(?:[a-z][a-z0-9+.-]*:)?//([^/?#]*)(.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Absolute();

    [GeneratedRegex("<[a-z][^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();

    [GeneratedRegex("""(\s(?:href|src|action|formaction|cite|background|codebase|classid|data|icon|longdesc|manifest|poster|profile|usemap)\s*=\s*)(["'])([^"']*)\2""", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}

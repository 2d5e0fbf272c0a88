using System.Text;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Security.Pki;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>The headers in which a proxy tells an API server on whose behalf it asks.</summary>
internal static class RemoteUser
{
    /// <summary>The gateway itself, where it asks for its own purposes.</summary>
    public static UserInfo Aggregator { get; } = new() { Name = "system:kube-aggregator", Groups = ["system:masters"] };

    /// <summary>True for headers that only a proxy may set.</summary>
    public static bool Owns(string header) =>
        header.Equals(FrontProxy.UserHeader, StringComparison.OrdinalIgnoreCase)
        || header.Equals(FrontProxy.UidHeader, StringComparison.OrdinalIgnoreCase)
        || header.Equals(FrontProxy.GroupHeader, StringComparison.OrdinalIgnoreCase)
        || header.StartsWith(FrontProxy.ExtraPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The request must go over a <see cref="RepeatedHeaderStream"/>.</summary>
    public static void Set(HttpRequestMessage request, UserInfo user)
    {
        request.Headers.TryAddWithoutValidation(FrontProxy.UserHeader, user.Name);
        if (user.Uid.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(FrontProxy.UidHeader, user.Uid);
        }

        request.Headers.TryAddWithoutValidation(FrontProxy.GroupHeader, string.Join(RepeatedHeaderStream.Separator, user.Groups));
        foreach (var (key, values) in user.Extra)
        {
            request.Headers.TryAddWithoutValidation(FrontProxy.ExtraPrefix + Escape(key), string.Join(RepeatedHeaderStream.Separator, values));
        }
    }

    /// <summary>Reads what <see cref="Set"/> wrote.</summary>
    public static string Unescape(string headerKey) => Uri.UnescapeDataString(headerKey).ToLowerInvariant();

    // Keys are like "authentication.kubernetes.io/pod-name": what no name of a header may hold is escaped as in a URL.
    private static string Escape(string key)
    {
        var escaped = new StringBuilder(key.Length + 8);
        foreach (var octet in Encoding.UTF8.GetBytes(key))
        {
            var letter = (char)octet;
            _ = char.IsAsciiLetterOrDigit(letter) || "!#$&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal) ? escaped.Append(letter) : escaped.Append('%').Append(octet.ToString("X2", null));
        }

        return escaped.ToString();
    }
}

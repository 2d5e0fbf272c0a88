using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.Controllers.AuthenticationTrust;

/// <summary>The data of the ConfigMap <c>extension-apiserver-authentication</c>. What others added to it (an API server with another authority) stays.</summary>
internal static class TrustPlan
{
    /// <param name="options">What this cluster says.</param>
    /// <param name="current">What the map has.</param>
    public static JsonObject For(AuthenticationTrustOptions options, IDictionary<string, string>? current)
    {
        var data = new JsonObject();
        Bundle("client-ca-file", options.ClientAuthority);
        if (options.FrontProxyAuthority.Length > 0)
        {
            Bundle("requestheader-client-ca-file", options.FrontProxyAuthority);
            Texts("requestheader-allowed-names", options.ProxyNames);
            Texts("requestheader-username-headers", [options.UserHeader]);
            Texts("requestheader-uid-headers", [options.UidHeader]);
            Texts("requestheader-group-headers", [options.GroupHeader]);
            Texts("requestheader-extra-headers-prefix", [options.ExtraPrefix]);
        }

        return data;

        void Bundle(string name, string pem)
        {
            var there = current?.TryGetValue(name, out var found) == true ? found : "";
            data[name] = there.Contains(pem.Trim(), StringComparison.Ordinal) ? there : there.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal) ? $"{there.TrimEnd()}\n{pem}" : pem;
        }

        void Texts(string name, IReadOnlyList<string> texts)
        {
            var there = current?.TryGetValue(name, out var found) == true ? Parse(found) : [];
            data[name] = JsonSerializer.Serialize(there.Union(texts).ToArray());
        }
    }

    private static string[] Parse(string list)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(list) ?? [];
        }
        catch (JsonException)
        {
            return []; // what nobody can read is written anew
        }
    }
}

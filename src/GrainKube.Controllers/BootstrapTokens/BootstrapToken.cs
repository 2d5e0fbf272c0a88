using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace GrainKube.Controllers.BootstrapTokens;

/// <summary>A Secret of <c>kube-system</c> that is a token by which nodes introduce themselves. Pure.</summary>
internal sealed record BootstrapToken(string Id, string Secret, bool Signs, DateTimeOffset? Expires)
{
    public const string Namespace = "kube-system";
    private const string Type = "bootstrap.kubernetes.io/token";
    private const string Prefix = "bootstrap-token-";

    /// <summary>Null where the Secret is none, or not as it must be.</summary>
    public static BootstrapToken? Of(V1Secret secret)
    {
        string Text(string name) => secret.Data?.TryGetValue(name, out var value) == true && value is not null ? Encoding.UTF8.GetString(value) : "";
        var (id, key, expiration) = (Text("token-id"), Text("token-secret"), Text("expiration"));
        if (secret.Type != Type || secret.Metadata.NamespaceProperty != Namespace || secret.Metadata.Name != Prefix + id || key.Length == 0)
        {
            return null;
        }

        DateTimeOffset? expires = expiration.Length == 0 ? null
            : DateTimeOffset.TryParse(expiration, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until) ? until
            : DateTimeOffset.MinValue;
        return new BootstrapToken(id, key, Text("usage-bootstrap-signing") == "true", expires);
    }

    /// <summary>A signature by the token over a text that whoever checks it has himself (RFC 7515, appendix F).</summary>
    public string SignatureOf(string text)
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","kid":"{{Id}}"}"""));
        var signed = Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))}");
        return $"{header}..{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}";
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GrainKube.Resources.Certificates;
using k8s.Models;

namespace GrainKube.Resources.Core.Secrets;

/// <summary>A secret for TLS may hold anything; that its certificate and key do not go together is said in the words that a Go server would fail with.</summary>
internal static class KeyPairWarnings
{
    private const string Ends = "PRIVATE KEY";
    private const string OtherType = "tls: private key type does not match public key type";
    private const string Other = "tls: private key does not match public key";

    public static void Add(V1Secret secret, IList<string> warnings)
    {
        if (secret.Type == "kubernetes.io/tls" && Wrong(Text(secret, "tls.crt"), Text(secret, "tls.key")) is { } wrong)
        {
            warnings.Add(wrong);
        }
    }

    private static string Text(V1Secret secret, string key) => Encoding.UTF8.GetString(secret.Data?.TryGetValue(key, out var value) == true ? value ?? [] : []);

    private static string? Wrong(string certificates, string keys)
    {
        var blocks = Pem.BlocksOf(certificates).ToList();
        if (!blocks.Exists(b => b.Label == Pem.Certificate))
        {
            return blocks.Count == 0 ? "tls: failed to find any PEM data in certificate input"
                : blocks.Count == 1 && blocks[0].Label.EndsWith(Ends, StringComparison.Ordinal) ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
                : $"tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: [{string.Join(' ', blocks.Select(b => b.Label))}]";
        }

        var passed = new List<string>();
        foreach (var (label, data) in Pem.BlocksOf(keys))
        {
            if (label == Ends || label.EndsWith($" {Ends}", StringComparison.Ordinal))
            {
                return Mismatch(blocks.First(b => b.Label == Pem.Certificate).Data, label, data);
            }

            passed.Add(label);
        }

        return passed.Count == 0 ? "tls: failed to find any PEM data in key input"
            : passed is [Pem.Certificate] ? "tls: found a certificate rather than a key in the PEM for the private key"
            : $"tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: [{string.Join(' ', passed)}]";
    }

    private static string? Mismatch(string certificate, string label, string key)
    {
        X509Certificate2 parsed;
        try
        {
            parsed = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return "x509: malformed certificate";
        }

        using (parsed)
        {
            if (Ed25519.PublicPointOf(Bytes(key)) is { } point)
            {
                return !Ed25519.Is(parsed.PublicKey) ? OtherType : point.AsSpan().SequenceEqual(parsed.PublicKey.EncodedKeyValue.RawData) ? null : Other;
            }

            if (PublicKey(label, key) is not { } found)
            {
                return "tls: failed to parse private key";
            }

            var wanted = parsed.PublicKey;
            return found.Algorithm != wanted.Oid.Value ? OtherType : !found.Info.AsSpan().SequenceEqual(wanted.ExportSubjectPublicKeyInfo()) ? Other : null;
        }
    }

    private static byte[] Bytes(string data)
    {
        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length) ? bytes[..length] : [];
    }

    /// <summary>The public half of a key, and its algorithm; null where the key cannot be read.</summary>
    private static (byte[] Info, string Algorithm)? PublicKey(string label, string data)
    {
        var pem = $"-----BEGIN {label}-----\n{data}\n-----END {label}-----";
        foreach (var make in (Func<AsymmetricAlgorithm>[])[RSA.Create, ECDsa.Create])
        {
            using var key = make();
            try
            {
                key.ImportFromPem(pem);
                var info = key.ExportSubjectPublicKeyInfo();
                return (info, System.Security.Cryptography.X509Certificates.PublicKey.CreateFromSubjectPublicKeyInfo(info, out _).Oid.Value ?? "");
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                // Not a key of this algorithm: the next may read it.
            }
        }

        return null;
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>A public key of an issuer (RFC 7517) and the signatures that it can check (RFC 7518).</summary>
internal sealed class JwtKey
{
    private const int LeastBits = 2048;
    private readonly RSA? rsa;
    private readonly ECDsa? curve;

    private JwtKey(string id, RSA? rsa, ECDsa? curve) => (Id, this.rsa, this.curve) = (id, rsa, curve);

    public string Id { get; }

    /// <summary>The keys of a key set that are for signatures and of a kind that is known; others are passed over.</summary>
    public static IReadOnlyList<JwtKey> Read(JsonObject keySet) =>
        [.. (keySet["keys"] as JsonArray ?? []).OfType<JsonObject>().Where(key => Text(key, "use") is "" or "sig").Select(TryRead).OfType<JwtKey>()];

    /// <summary>True where this key made the signature by that algorithm.</summary>
    public bool Verifies(string algorithm, string signed, byte[] signature)
    {
        var data = Encoding.ASCII.GetBytes(signed);
        HashAlgorithmName? hash = algorithm.Length == 5 ? algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            "512" => HashAlgorithmName.SHA512,
            _ => null,
        } : null;
        return hash is { } name && algorithm[..2] switch
        {
            "RS" => rsa?.VerifyData(data, signature, name, RSASignaturePadding.Pkcs1) == true,
            "PS" => rsa?.VerifyData(data, signature, name, RSASignaturePadding.Pss) == true,
            "ES" => curve is not null && curve.KeySize == BitsOf(algorithm) && curve.VerifyData(data, signature, name, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => false,
        };
    }

    private static int BitsOf(string algorithm) => algorithm switch
    {
        "ES256" => 256,
        "ES384" => 384,
        _ => 521,
    };

    private static JwtKey? TryRead(JsonObject key)
    {
        try
        {
            switch (Text(key, "kty"))
            {
                case "RSA":
                    var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
                    return rsa.KeySize >= LeastBits ? new JwtKey(Text(key, "kid"), rsa, null) : null;
                case "EC" when CurveOf(Text(key, "crv")) is { } curve:
                    return new JwtKey(Text(key, "kid"), null, ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } }));
                default:
                    return null;
            }
        }
        catch (Exception malformed) when (malformed is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static ECCurve? CurveOf(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static byte[] Bytes(JsonObject key, string field) => Base64Url.DecodeFromChars(Text(key, field));

    private static string Text(JsonObject key, string field) => key[field] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
}

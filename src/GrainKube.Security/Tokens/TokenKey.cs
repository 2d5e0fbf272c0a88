using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GrainKube.Security.Tokens;

/// <summary>The key that signs service-account tokens, with what JSON Web Tokens say of it.</summary>
/// <remarks>New clusters take RSA: RS256 is the one algorithm that every OpenID client checks without being told to. A cluster that began with ECDSA keeps its key.</remarks>
public abstract class TokenKey : IDisposable
{
    private const int RsaBits = 2048;

    /// <summary>The algorithm's name in a token's header (RFC 7518).</summary>
    public abstract string Algorithm { get; }

    /// <summary>A new key in PEM.</summary>
    public static string New()
    {
        using var key = RSA.Create(RsaBits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <param name="pem">A private key, RSA or on the curve P-256.</param>
    /// <exception cref="CryptographicException">It is neither.</exception>
    public static TokenKey Load(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new OfRsa(rsa);
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            var curve = ECDsa.Create();
            curve.ImportFromPem(pem);
            return new OfCurve(curve);
        }
    }

    /// <summary>The public half, as certificates have it.</summary>
    public abstract byte[] ExportSubjectPublicKeyInfo();

    /// <summary>The public half's own members of a JSON Web Key (RFC 7517).</summary>
    public abstract JsonObject ToPublished();

    public abstract byte[] Sign(byte[] data);

    public abstract bool Verify(byte[] data, byte[] signature);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private static string Text(byte[]? number) => Base64Url.EncodeToString(number);

    private sealed class OfRsa(RSA key) : TokenKey
    {
        public override string Algorithm => "RS256";

        public override byte[] ExportSubjectPublicKeyInfo() => key.ExportSubjectPublicKeyInfo();

        public override JsonObject ToPublished()
        {
            var numbers = key.ExportParameters(includePrivateParameters: false);
            return new JsonObject { ["kty"] = "RSA", ["n"] = Text(numbers.Modulus), ["e"] = Text(numbers.Exponent) };
        }

        public override byte[] Sign(byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        public override bool Verify(byte[] data, byte[] signature) => key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        protected override void Dispose(bool disposing) => key.Dispose();
    }

    private sealed class OfCurve(ECDsa key) : TokenKey
    {
        private const int SignatureBytes = 64;

        public override string Algorithm => "ES256";

        public override byte[] ExportSubjectPublicKeyInfo() => key.ExportSubjectPublicKeyInfo();

        public override JsonObject ToPublished()
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Text(point.X), ["y"] = Text(point.Y) };
        }

        public override byte[] Sign(byte[] data) => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        public override bool Verify(byte[] data, byte[] signature) =>
            signature.Length == SignatureBytes && key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        protected override void Dispose(bool disposing) => key.Dispose();
    }
}

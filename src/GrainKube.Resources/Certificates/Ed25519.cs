using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rfc8032 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;

namespace GrainKube.Resources.Certificates;

/// <summary>Ed25519 (RFC 8032) in X.509 (RFC 8410): .NET carries such keys in certificates, but neither signs nor checks with them.</summary>
public static class Ed25519
{
    private const string Algorithm = "1.3.101.112";

    public static bool Is(PublicKey key) => key.Oid.Value == Algorithm;

    /// <summary>Whether the algorithm of a signature is this one.</summary>
    /// <param name="identifier">An AlgorithmIdentifier in DER.</param>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static bool IsAlgorithm(ReadOnlyMemory<byte> identifier) => new AsnReader(identifier, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier() == Algorithm;

    /// <returns>False also where the key is of another kind.</returns>
    public static bool Verify(PublicKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var point = key.EncodedKeyValue.RawData;
        return Is(key)
            && point.Length == Rfc8032.PublicKeySize
            && signature.Length == Rfc8032.SignatureSize
            && Rfc8032.Verify(signature.ToArray(), 0, point, 0, data.ToArray(), 0, data.Length);
    }

    /// <summary>The public half of a private key.</summary>
    /// <param name="pkcs8">The private key, PKCS#8 in DER.</param>
    /// <returns>Null where the key is of another kind or cannot be read.</returns>
    public static byte[]? PublicPointOf(ReadOnlyMemory<byte> pkcs8)
    {
        try
        {
            var key = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
            key.ReadInteger();
            if (key.ReadSequence().ReadObjectIdentifier() != Algorithm)
            {
                return null;
            }

            var seed = new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
            if (seed.Length != Rfc8032.SecretKeySize)
            {
                return null;
            }

            var point = new byte[Rfc8032.PublicKeySize];
            Rfc8032.GeneratePublicKey(seed, 0, point, 0);
            return point;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>A new key.</summary>
    /// <returns>The private key in PEM (PKCS#8), and what signs with it.</returns>
    public static (string Pem, X509SignatureGenerator Signer) NewKey()
    {
        var seed = RandomNumberGenerator.GetBytes(Rfc8032.SecretKeySize);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteAlgorithm(writer);
            var inner = new AsnWriter(AsnEncodingRules.DER);
            inner.WriteOctetString(seed);
            writer.WriteOctetString(inner.Encode());
        }

        return (PemEncoding.WriteString("PRIVATE KEY", writer.Encode()), new Signer(seed));
    }

    private static void WriteAlgorithm(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Algorithm);
        }
    }

    private sealed class Signer(byte[] seed) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            WriteAlgorithm(writer);
            return writer.Encode();
        }

        /// <summary>The algorithm has a hash of its own.</summary>
        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
        {
            var signature = new byte[Rfc8032.SignatureSize];
            Rfc8032.Sign(seed, 0, data, 0, data.Length, signature, 0);
            return signature;
        }

        protected override PublicKey BuildPublicKey()
        {
            var point = new byte[Rfc8032.PublicKeySize];
            Rfc8032.GeneratePublicKey(seed, 0, point, 0);
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                WriteAlgorithm(writer);
                writer.WriteBitString(point);
            }

            return System.Security.Cryptography.X509Certificates.PublicKey.CreateFromSubjectPublicKeyInfo(writer.Encode(), out _);
        }
    }
}

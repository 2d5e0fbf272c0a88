using System.Security.Cryptography;
using GrainKube.Objects.Encryption.Kms.Wire;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>What a plugin decrypts, in the clear: a seed from which each value's key is derived or, in values from before Kubernetes 1.29, a key.</summary>
internal sealed class DataKey
{
    /// <summary>Of the seed, of the random bytes that each value begins with, and of the key that both give.</summary>
    public const int Size = 32;

    private readonly EncryptedDEKSourceType type;
    private readonly byte[] secret;

    /// <exception cref="KmsException">It cannot be one: that is the plugin's fault, not the value's.</exception>
    public DataKey(EncryptedDEKSourceType type, byte[] secret, string keyId)
    {
        if (type == EncryptedDEKSourceType.HkdfSha256XnonceAesGcmSeed && secret.Length < Size)
        {
            throw new KmsException($"invalid seed length {secret.Length} used for key generation");
        }

        if (type == EncryptedDEKSourceType.AesGcmKey && secret.Length is not (16 or 24 or 32))
        {
            throw new KmsException($"invalid key size {secret.Length}");
        }

        (this.type, this.secret, KeyHash) = (type, secret, EnvelopeRules.Hash(keyId));
    }

    /// <summary>Names the plugin's key that encrypted it.</summary>
    public string KeyHash { get; }

    /// <summary>Derives a key for this value alone, so that nonces need not be counted.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        var made = new byte[Size + plain.Length + AesGcmBox.Overhead];
        RandomNumberGenerator.Fill(made.AsSpan(0, Size));
        Span<byte> key = stackalloc byte[Size];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, key, made.AsSpan(0, Size));
        AesGcmBox.Seal(key, plain, place, made.AsSpan(Size));
        CryptographicOperations.ZeroMemory(key);
        return made;
    }

    /// <exception cref="CryptographicException">It was not encrypted with this key, or not for this place, or is damaged.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> box, ReadOnlySpan<byte> place)
    {
        if (type == EncryptedDEKSourceType.AesGcmKey)
        {
            return AesGcmBox.Open(secret, box, place);
        }

        if (box.Length < Size)
        {
            throw new CryptographicException("the stored data was shorter than the required size");
        }

        Span<byte> key = stackalloc byte[Size];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, key, box[..Size]);
        var plain = AesGcmBox.Open(key, box[Size..], place);
        CryptographicOperations.ZeroMemory(key);
        return plain;
    }
}

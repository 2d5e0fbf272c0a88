using System.Security.Cryptography;
using System.Text;

namespace GrainKube.Objects.Encryption;

/// <summary>AES in Galois/counter mode: a random nonce of 12 bytes, the text, a tag of 16. Keys are to be changed long before 2^32 writes.</summary>
internal sealed class AesGcmCipher(string name, byte[] key) : IValueCipher
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public ReadOnlyMemory<byte> Prefix { get; } = Encoding.UTF8.GetBytes($"k8s:enc:aesgcm:v1:{name}:");

    public byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        var made = new byte[Prefix.Length + NonceSize + plain.Length + TagSize];
        Prefix.Span.CopyTo(made);
        var nonce = made.AsSpan(Prefix.Length, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, made.AsSpan(Prefix.Length + NonceSize, plain.Length), made.AsSpan(made.Length - TagSize), place);
        return made;
    }

    public byte[] Decrypt(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> place)
    {
        if (@sealed.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("the stored data was shorter than the required size");
        }

        var plain = new byte[@sealed.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(@sealed[..NonceSize], @sealed[NonceSize..^TagSize], @sealed[^TagSize..], plain, place);
        return plain;
    }
}

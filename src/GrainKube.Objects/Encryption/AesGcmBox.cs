using System.Security.Cryptography;

namespace GrainKube.Objects.Encryption;

/// <summary>AES in Galois/counter mode as values lie in the store: a random nonce of 12 bytes, the text, a tag of 16.</summary>
internal static class AesGcmBox
{
    /// <summary>Bytes that a box has more than its text.</summary>
    public const int Overhead = NonceSize + TagSize;

    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="plain">The text.</param>
    /// <param name="place">What the box is bound to.</param>
    /// <param name="box">Where it goes: <see cref="Overhead"/> longer than the text.</param>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place, Span<byte> box)
    {
        RandomNumberGenerator.Fill(box[..NonceSize]);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(box[..NonceSize], plain, box[NonceSize..^TagSize], box[^TagSize..], place);
    }

    /// <exception cref="CryptographicException">It is too short, or was not made with this key for this place, or is damaged.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> place)
    {
        if (box.Length < Overhead)
        {
            throw new CryptographicException("the stored data was shorter than the required size");
        }

        var plain = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], plain, place);
        return plain;
    }
}

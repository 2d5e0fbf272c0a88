using System.Security.Cryptography;

namespace GrainKube.Objects.Encryption;

/// <summary>AES in cipher-block chaining: a random vector of 16 bytes and the padded text. It proves nothing about where or by whom a value was written.</summary>
internal sealed class AesCbcCipher(string name, byte[] key) : LocalCipher("aescbc", name)
{
    private const int BlockSize = 16;

    public override byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var made = new byte[Prefix.Length + BlockSize + aes.GetCiphertextLengthCbc(plain.Length)];
        Prefix.Span.CopyTo(made);
        var vector = made.AsSpan(Prefix.Length, BlockSize);
        RandomNumberGenerator.Fill(vector);
        aes.EncryptCbc(plain, vector, made.AsSpan(Prefix.Length + BlockSize));
        return made;
    }

    public override byte[] Decrypt(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> place)
    {
        if (@sealed.Length < 2 * BlockSize)
        {
            throw new CryptographicException("the stored data was shorter than the required size");
        }

        using var aes = Aes.Create();
        aes.Key = key;
        return aes.DecryptCbc(@sealed[BlockSize..], @sealed[..BlockSize]);
    }
}

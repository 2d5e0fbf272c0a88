namespace GrainKube.Objects.Encryption;

/// <summary>AES in Galois/counter mode. Keys are to be changed long before 2^32 writes: the nonce is random.</summary>
internal sealed class AesGcmCipher(string name, byte[] key) : LocalCipher("aesgcm", name)
{
    public override byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        var made = new byte[Prefix.Length + plain.Length + AesGcmBox.Overhead];
        Prefix.Span.CopyTo(made);
        AesGcmBox.Seal(key, plain, place, made.AsSpan(Prefix.Length));
        return made;
    }

    public override byte[] Decrypt(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> place) => AesGcmBox.Open(key, @sealed, place);
}

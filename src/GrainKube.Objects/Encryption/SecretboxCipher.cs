using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace GrainKube.Objects.Encryption;

/// <summary>NaCl's secretbox (XSalsa20 and Poly1305): a random nonce of 24 bytes, a tag of 16, the text. It does not tie a value to its place.</summary>
internal sealed class SecretboxCipher(string name, byte[] key) : LocalCipher("secretbox", name)
{
    private const int NonceSize = 24;
    private const int TagSize = 16;
    private const int MacKeySize = 32;

    public override byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        var made = new byte[Prefix.Length + NonceSize + TagSize + plain.Length];
        Prefix.Span.CopyTo(made);
        var nonce = made.AsSpan(Prefix.Length, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        var box = made.AsSpan(Prefix.Length + NonceSize);
        var (stream, macKey) = Stream(nonce);
        stream.ProcessBytes(plain, box[TagSize..]);
        Tag(macKey, box[TagSize..], box[..TagSize]);
        return made;
    }

    public override byte[] Decrypt(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> place)
    {
        if (@sealed.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("the stored data was shorter than the required size");
        }

        var box = @sealed[NonceSize..];
        var (stream, macKey) = Stream(@sealed[..NonceSize]);
        Span<byte> tag = stackalloc byte[TagSize];
        Tag(macKey, box[TagSize..], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, box[..TagSize]))
        {
            throw new CryptographicException("message authentication failed");
        }

        var plain = new byte[box.Length - TagSize];
        stream.ProcessBytes(box[TagSize..], plain);
        return plain;
    }

    /// <summary>The key stream; its first bytes are the key of the tag.</summary>
    private (XSalsa20Engine Stream, byte[] MacKey) Stream(ReadOnlySpan<byte> nonce)
    {
        var stream = new XSalsa20Engine();
        stream.Init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        var macKey = new byte[MacKeySize];
        stream.ProcessBytes(macKey.AsSpan(), macKey);
        return (stream, macKey);
    }

    private static void Tag(byte[] macKey, ReadOnlySpan<byte> text, Span<byte> tag)
    {
        var mac = new Poly1305();
        mac.Init(new KeyParameter(macKey));
        mac.BlockUpdate(text);
        mac.DoFinal(tag);
    }
}

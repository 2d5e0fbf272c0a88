namespace GrainKube.Objects.Encryption;

/// <summary>One key of one method.</summary>
internal interface IValueCipher
{
    /// <summary>What a value that this key encrypted begins with, as upstream writes it: <c>k8s:enc:aesgcm:v1:KEY:</c>.</summary>
    ReadOnlyMemory<byte> Prefix { get; }

    /// <param name="plain">The value.</param>
    /// <param name="place">Key of the store; a method that can binds the value to it, so that nobody can put it elsewhere.</param>
    /// <returns>With the prefix.</returns>
    byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place);

    /// <param name="sealed">What follows the prefix.</param>
    /// <param name="place">Key of the store.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was not encrypted with this key, or not for this place, or is damaged.</exception>
    byte[] Decrypt(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> place);
}

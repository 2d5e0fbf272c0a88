namespace GrainKube.Objects.Encryption;

/// <summary>One key of one method, or one plugin that keeps keys.</summary>
internal interface IValueCipher
{
    /// <summary>What a value that this encrypted begins with, as upstream writes it: <c>k8s:enc:aesgcm:v1:KEY:</c>.</summary>
    ReadOnlyMemory<byte> Prefix { get; }

    /// <param name="plain">The value.</param>
    /// <param name="place">Key of the store; a method that can binds the value to it, so that nobody can put it elsewhere.</param>
    /// <returns>With the prefix.</returns>
    /// <exception cref="Store.StoreException"><see cref="Store.StoreError.KeysUnavailable"/>.</exception>
    byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place);

    /// <param name="sealed">What follows the prefix.</param>
    /// <param name="place">Key of the store.</param>
    /// <param name="cancel">Where somebody else has to be asked for the key.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was not encrypted with this key, or not for this place, or is damaged.</exception>
    /// <exception cref="Store.StoreException"><see cref="Store.StoreError.KeysUnavailable"/>.</exception>
    ValueTask<byte[]> DecryptAsync(ReadOnlyMemory<byte> @sealed, ReadOnlyMemory<byte> place, CancellationToken cancel);

    /// <summary>True where this would write with another key by now.</summary>
    /// <param name="sealed">What follows the prefix.</param>
    bool IsStale(ReadOnlyMemory<byte> @sealed);
}

using System.Text;

namespace GrainKube.Objects.Encryption;

/// <summary>A method whose key stands in the configuration: it asks nobody, and what it wrote stays fresh while it is the first.</summary>
internal abstract class LocalCipher(string method, string name) : IValueCipher
{
    public ReadOnlyMemory<byte> Prefix { get; } = Encoding.UTF8.GetBytes($"k8s:enc:{method}:v1:{name}:");

    public abstract byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place);

    /// <inheritdoc cref="DecryptAsync"/>
    public abstract byte[] Decrypt(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> place);

    public ValueTask<byte[]> DecryptAsync(ReadOnlyMemory<byte> @sealed, ReadOnlyMemory<byte> place, CancellationToken cancel) => new(Decrypt(@sealed.Span, place.Span));

    public bool IsStale(ReadOnlyMemory<byte> @sealed) => false;
}

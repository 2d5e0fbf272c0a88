using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using GrainKube.Objects.Encryption.Kms.Wire;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>Data keys that the plugin has decrypted, by what they are encrypted: one for each key id and each start of a server of this cluster, so that they need not be forgotten.</summary>
internal sealed class DataKeys(string provider)
{
    private readonly ConcurrentDictionary<string, DataKey> known = new(StringComparer.Ordinal);

    public DataKey? Find(EncryptedObject item) => known.GetValueOrDefault(NameOf(item));

    public void Add(EncryptedObject item, DataKey key)
    {
        known[NameOf(item)] = key;
        KmsMetrics.Known(provider, known.Count);
    }

    /// <summary>Covers everything that the plugin was told or answered; each part with its length before it.</summary>
    private static string NameOf(EncryptedObject item)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];
        Append(hash, number, [(byte)item.EncryptedDEKSourceType]);
        Append(hash, number, item.EncryptedDEKSource.Span);
        Append(hash, number, Encoding.UTF8.GetBytes(item.KeyID));
        foreach (var (name, value) in item.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(hash, number, Encoding.UTF8.GetBytes(name));
            Append(hash, number, value.Span);
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Span<byte> number, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(number, part.Length);
        hash.AppendData(number);
        hash.AppendData(part);
    }
}

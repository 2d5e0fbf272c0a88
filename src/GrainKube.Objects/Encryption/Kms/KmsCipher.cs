using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using GrainKube.Objects.Encryption.Kms.Wire;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>Values whose data keys are encrypted by a plugin (KEP-3299): each value carries its data key, encrypted, and the plugin is asked once for each data key, not for each value.</summary>
internal sealed class KmsCipher : IValueCipher, IAsyncDisposable
{
    private readonly KmsClient plugin;
    private readonly DataKeys keys;

    public KmsCipher(KmsSettings settings, TimeProvider time, ILogger<KmsCipher> log)
    {
        Settings = settings;
        Prefix = Encoding.UTF8.GetBytes($"k8s:enc:kms:v2:{settings.Name}:");
        plugin = new KmsClient(settings, time);
        keys = new DataKeys(settings.Name);
        Keeper = new KmsKeeper(settings, plugin, keys, time, log);
    }

    public KmsSettings Settings { get; }

    /// <summary>Knows how the plugin is.</summary>
    public KmsKeeper Keeper { get; }

    public ReadOnlyMemory<byte> Prefix { get; }

    public byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> place)
    {
        WriteKey key;
        try
        {
            key = Keeper.Writing;
        }
        catch (KmsException none)
        {
            throw new StoreException(StoreError.KeysUnavailable, $"unable to encrypt key \"{Encoding.UTF8.GetString(place)}\": {none.Message}");
        }

        var item = key.Envelope.Clone();
        item.EncryptedData = UnsafeByteOperations.UnsafeWrap(key.Key.Encrypt(plain, place));
        var made = new byte[Prefix.Length + item.CalculateSize()];
        Prefix.Span.CopyTo(made);
        item.WriteTo(made.AsSpan(Prefix.Length));
        KmsMetrics.Encrypted(Settings.Name, key.Key.KeyHash);
        return made;
    }

    public async ValueTask<byte[]> DecryptAsync(ReadOnlyMemory<byte> @sealed, ReadOnlyMemory<byte> place, CancellationToken cancel)
    {
        var item = Parse(@sealed);
        var key = keys.Find(item) ?? await AskAsync(item, place, cancel);
        KmsMetrics.Decrypted(Settings.Name, key.KeyHash);
        return key.Decrypt(item.EncryptedData.Span, place.Span);
    }

    /// <summary>Another key of the plugin, or another way to derive from it, would be used now.</summary>
    public bool IsStale(ReadOnlyMemory<byte> @sealed) =>
        Keeper.Current is { } now && Parse(@sealed) is var item && (item.KeyID != now.KeyId || item.EncryptedDEKSourceType != now.Envelope.EncryptedDEKSourceType);

    public async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync();
        plugin.Dispose();
    }

    private async Task<DataKey> AskAsync(EncryptedObject item, ReadOnlyMemory<byte> place, CancellationToken cancel)
    {
        KmsMetrics.Missed();
        try
        {
            var secret = await plugin.DecryptAsync(item.EncryptedDEKSource, item.KeyID, item.Annotations, cancel);
            var key = new DataKey(item.EncryptedDEKSourceType, secret, item.KeyID);
            keys.Add(item, key);
            return key;
        }
        catch (KmsException refused)
        {
            throw new StoreException(StoreError.KeysUnavailable, $"unable to transform key \"{Encoding.UTF8.GetString(place.Span)}\": failed to decrypt DEK, error: {refused.Message}");
        }
    }

    private static EncryptedObject Parse(ReadOnlyMemory<byte> @sealed)
    {
        EncryptedObject item;
        try
        {
            item = EncryptedObject.Parser.ParseFrom(@sealed.Span);
        }
        catch (InvalidProtocolBufferException garbage)
        {
            throw new CryptographicException(garbage.Message);
        }

        return EnvelopeRules.Problem(item) is { } wrong ? throw new CryptographicException(wrong) : item;
    }
}

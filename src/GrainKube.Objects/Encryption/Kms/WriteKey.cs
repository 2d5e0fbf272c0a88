using System.Security.Cryptography;
using GrainKube.Objects.Encryption.Kms.Wire;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>The data key that values are encrypted with now.</summary>
/// <param name="Key">Itself.</param>
/// <param name="Envelope">What is stored beside each value.</param>
/// <param name="Expires">Until when it writes if the plugin does not confirm its own key before.</param>
internal sealed record WriteKey(DataKey Key, EncryptedObject Envelope, DateTimeOffset Expires)
{
    public string KeyId => Envelope.KeyID;

    /// <summary>Draws a seed and has the plugin encrypt it.</summary>
    /// <exception cref="KmsException">The plugin did not, or what it answered cannot be.</exception>
    public static async Task<WriteKey> MakeAsync(KmsClient plugin, string uid, DateTimeOffset expires, CancellationToken cancel)
    {
        var seed = RandomNumberGenerator.GetBytes(DataKey.Size);
        EncryptResponse made;
        try
        {
            made = await plugin.EncryptAsync(uid, seed, cancel);
        }
        catch (KmsException failed)
        {
            throw new KmsException($"failed to encrypt DEK, error: {failed.Message}");
        }

        if (EnvelopeRules.Problem(made.Ciphertext, made.KeyId, made.Annotations) is { } wrong)
        {
            throw new KmsException(wrong);
        }

        const EncryptedDEKSourceType Type = EncryptedDEKSourceType.HkdfSha256XnonceAesGcmSeed;
        var envelope = new EncryptedObject { KeyID = made.KeyId, EncryptedDEKSource = made.Ciphertext, EncryptedDEKSourceType = Type, Annotations = { made.Annotations } };
        return new WriteKey(new DataKey(Type, seed, made.KeyId), envelope, expires);
    }
}

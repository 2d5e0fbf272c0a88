using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Encryption.Kms.Wire;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>Bounds of what a plugin answers and of what lies in the store (KEP-3299), in upstream's words.</summary>
internal static class EnvelopeRules
{
    private const int LongestKeyId = 1024;
    private const int LongestSource = 1024;
    private const int LongestAnnotations = 32 * 1024;

    /// <returns>What is wrong with it, or null.</returns>
    public static string? Problem(EncryptedObject item) =>
        item.EncryptedDEKSourceType is not (EncryptedDEKSourceType.AesGcmKey or EncryptedDEKSourceType.HkdfSha256XnonceAesGcmSeed) ? $"unknown encryptedDEKSourceType: {(int)item.EncryptedDEKSourceType}"
        : item.EncryptedData.IsEmpty ? "encrypted data is empty"
        : Problem(item.EncryptedDEKSource, item.KeyID, item.Annotations);

    /// <inheritdoc cref="Problem(EncryptedObject)"/>
    public static string? Problem(ByteString source, string keyId, MapField<string, ByteString> annotations) =>
        source.IsEmpty ? "failed to validate encrypted DEK source: encrypted DEK source is empty"
        : source.Length > LongestSource ? $"failed to validate encrypted DEK source: encrypted DEK source is {source.Length} bytes, which exceeds the max size of {LongestSource}"
        : KeyIdProblem(keyId) is { } wrong ? $"failed to validate key id: {wrong}"
        : AnnotationsProblem(annotations) is { } complaint ? $"failed to validate annotations: {complaint}"
        : null;

    /// <inheritdoc cref="Problem(EncryptedObject)"/>
    public static string? KeyIdProblem(string keyId)
    {
        var length = Encoding.UTF8.GetByteCount(keyId);
        return length == 0 ? "keyID is empty" : length > LongestKeyId ? $"keyID is {length} bytes, which exceeds the max size of {LongestKeyId}" : null;
    }

    /// <summary>How a key id is named where many may read it.</summary>
    public static string Hash(string keyId) => keyId.Length == 0 ? "" : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keyId)));

    private static string? AnnotationsProblem(MapField<string, ByteString> annotations)
    {
        var problems = annotations.Keys.Select(NameProblem).OfType<string>().ToList();
        var size = annotations.Sum(pair => (long)Encoding.UTF8.GetByteCount(pair.Key) + pair.Value.Length);
        if (size > LongestAnnotations)
        {
            problems.Add($"total size of annotations is {size}, which exceeds the max size of {LongestAnnotations}");
        }

        return problems.Count > 1 ? $"[{string.Join(", ", problems)}]" : problems.FirstOrDefault();
    }

    private static string? NameProblem(string name)
    {
        var errors = new FieldErrors();
        var place = errors.At("annotations");
        var domain = name.EndsWith('.') ? name[..^1] : name;
        if (name.Length == 0)
        {
            place.Required();
        }
        else if (NameRules.DnsSubdomain(domain) is { Count: > 0 } wrong)
        {
            place.Invalid(domain, string.Join(",", wrong));
        }
        else if (!domain.Contains('.', StringComparison.Ordinal))
        {
            place.Invalid(domain, "should be a domain with at least two segments separated by dots");
        }
        else if (domain.Split('.').FirstOrDefault(part => NameRules.DnsLabel(part).Count > 0) is { } label)
        {
            place.Invalid(label, string.Join(",", NameRules.DnsLabel(label)));
        }

        return errors.IsEmpty ? null : errors.All[0].ToString();
    }
}

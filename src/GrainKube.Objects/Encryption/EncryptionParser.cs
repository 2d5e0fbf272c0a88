using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Encryption.Kms;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Encryption;

/// <summary>Reads an EncryptionConfiguration and says all that is wrong with it, in upstream's words.</summary>
internal sealed class EncryptionParser(TimeProvider time, ILogger<KmsCipher> log)
{
    private const string MoreThanOne = "more than one provider specified in a single element, should split into different list elements";
    private static readonly string[] Methods = ["aesgcm", "aescbc", "secretbox", "identity", "kms"];
    private readonly HashSet<string> pluginNames = new(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is no configuration, or makes no sense. Secrets are never shown.</exception>
    public IReadOnlyList<EncryptionRule> Rules(JsonObject root)
    {
        if ((Text(root["apiVersion"]), Text(root["kind"])) is not ("apiserver.config.k8s.io/v1", "EncryptionConfiguration"))
        {
            throw new FormatException($"error decoding encryption provider configuration: no kind \"{Text(root["kind"])}\" is registered for version \"{Text(root["apiVersion"])}\"");
        }

        var errors = new FieldErrors();
        var place = errors.At("resources");
        var items = Items(root["resources"]);
        if (items.Count == 0)
        {
            place.Required("at least one resources is required");
        }

        var rules = items.Select((item, i) => Rule(item, place.At(i))).ToList();
        if (!errors.IsEmpty)
        {
            throw new FormatException(string.Join(", ", errors.All));
        }

        return ResourceNameRules.Masked(rules) is { } masked ? throw new FormatException(masked) : rules;
    }

    private EncryptionRule Rule(JsonObject item, FieldErrors errors)
    {
        var names = (item["resources"] as JsonArray ?? []).Select(Text).ToList();
        if (names.Count == 0)
        {
            errors.At("resources").Required($"at least one {errors.At("resources").Path} is required");
        }

        ResourceNameRules.Check(names, errors.At("resources"));
        var place = errors.At("providers");
        var providers = Items(item["providers"]);
        if (providers.Count == 0)
        {
            place.Required($"at least one {place.Path} is required");
        }

        return new EncryptionRule([.. names.Select(ResourcePattern.Parse)], [.. providers.SelectMany((provider, i) => Ciphers(provider, place.At(i)))]);
    }

    private List<IValueCipher?> Ciphers(JsonObject provider, FieldErrors errors)
    {
        var named = Methods.Where(provider.ContainsKey).ToList();
        switch (named)
        {
            case []:
                errors.InvalidWithout("provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity");
                return [];
            case [_, _, ..]:
                errors.InvalidWithout(MoreThanOne);
                return [];
            case ["identity"]:
                return [null];
            case ["kms"]:
                return KmsSettings.Parse(provider["kms"] as JsonObject ?? [], pluginNames, errors.At("kms")) is { } settings ? [new KmsCipher(settings, time, log)] : [];
        }

        var keys = Items((provider[named[0]] as JsonObject)?["keys"]);
        var place = errors.At(named[0]).At("keys");
        if (keys.Count == 0)
        {
            place.Required("at least one keys is required");
        }

        return [.. keys.Select((key, i) => Cipher(named[0], key, place.At(i)))];
    }

    private static IValueCipher? Cipher(string method, JsonObject key, FieldErrors errors)
    {
        var name = Text(key["name"]);
        var secret = Text(key["secret"]);
        errors.At("name").MustBeSet(name, "name is a mandatory field for a key");
        if (name.Contains(':', StringComparison.Ordinal))
        {
            errors.At("name").Invalid(name, "must not contain ':'");
        }

        if (secret.Length == 0)
        {
            errors.At("secret").Required("secret is a mandatory field for a key");
            return null;
        }

        var bytes = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret, bytes, out var length))
        {
            errors.At("secret").Invalid("REDACTED", "secrets must be base64 encoded");
            return null;
        }

        int[] lengths = method == "secretbox" ? [32] : [16, 24, 32];
        if (!lengths.Contains(length))
        {
            errors.At("secret").Invalid("REDACTED", $"secret is not of the expected length, got {length}, expected one of [{string.Join(' ', lengths)}]");
            return null;
        }

        return method switch
        {
            "aesgcm" => new AesGcmCipher(name, bytes[..length]),
            "aescbc" => new AesCbcCipher(name, bytes[..length]),
            _ => new SecretboxCipher(name, bytes[..length]),
        };
    }

    private static List<JsonObject> Items(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => item as JsonObject ?? [])];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

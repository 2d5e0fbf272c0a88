using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.ConfigMaps;
using k8s.Models;

namespace GrainKube.Resources.Core.Secrets;

internal sealed class SecretValidator : IValidator<V1Secret>
{
    private const string ServiceAccountName = "kubernetes.io/service-account.name";

    public void Validate(V1Secret item, FieldErrors errors)
    {
        var data = item.Data ?? new Dictionary<string, byte[]>();
        foreach (var key in data.Keys)
        {
            errors.At("data").Key(key).Report(key, NameRules.ConfigMapKey(key));
        }

        if (data.Values.Sum(v => (long)(v?.Length ?? 0)) > ConfigMapValidator.MaximumSize)
        {
            errors.At("data").TooLong(ConfigMapValidator.MaximumSize);
        }

        OfType(item, data, errors);
    }

    public void ValidateUpdate(V1Secret next, V1Secret current, FieldErrors errors)
    {
        errors.At("type").Immutable(next.Type, current.Type);
        if (current.Immutable == true)
        {
            const string message = "field is immutable when `immutable` is set";
            if (next.Immutable != true)
            {
                errors.At("immutable").Forbidden(message);
            }

            if (!ConfigMapValidator.Same(next.Data, current.Data, (a, b) => a.AsSpan().SequenceEqual(b)))
            {
                errors.At("data").Forbidden(message);
            }
        }

        Validate(next, errors);
    }

    public void Warn(V1Secret next, V1Secret? current, IList<string> warnings) => KeyPairWarnings.Add(next, warnings);

    private static void OfType(V1Secret secret, IDictionary<string, byte[]> data, FieldErrors errors)
    {
        switch (secret.Type)
        {
            case "kubernetes.io/service-account-token":
                if (string.IsNullOrEmpty(secret.Metadata?.Annotations?.TryGetValue(ServiceAccountName, out var name) == true ? name : null))
                {
                    errors.At("metadata").At("annotations").Key(ServiceAccountName).Required();
                }

                break;
            case "kubernetes.io/dockercfg":
                JsonObject(data, ".dockercfg", errors.At("data"));
                break;
            case "kubernetes.io/dockerconfigjson":
                JsonObject(data, ".dockerconfigjson", errors.At("data"));
                break;
            case "kubernetes.io/basic-auth" when !data.ContainsKey("username") && !data.ContainsKey("password"):
                errors.At("data").Key("username").Required();
                errors.At("data").Key("password").Required();
                break;
            case "kubernetes.io/ssh-auth" when !data.TryGetValue("ssh-privatekey", out var key) || key.Length == 0:
                errors.At("data").Key("ssh-privatekey").Required();
                break;
            case "kubernetes.io/tls":
                MustHave(data, "tls.crt", errors.At("data"));
                MustHave(data, "tls.key", errors.At("data"));
                break;
        }
    }

    private static bool MustHave(IDictionary<string, byte[]> data, string key, FieldErrors errors)
    {
        var found = data.ContainsKey(key);
        if (!found)
        {
            errors.Key(key).Required();
        }

        return found;
    }

    private static void JsonObject(IDictionary<string, byte[]> data, string key, FieldErrors errors)
    {
        if (!MustHave(data, key, errors))
        {
            return;
        }

        try
        {
            if (ObjectDecoder.Parse(data[key]) is not System.Text.Json.Nodes.JsonObject)
            {
                errors.Key(key).Invalid("<secret contents redacted>", "must be a JSON object");
            }
        }
        catch (DecodeException wrong)
        {
            errors.Key(key).Invalid("<secret contents redacted>", wrong.Message);
        }
    }
}

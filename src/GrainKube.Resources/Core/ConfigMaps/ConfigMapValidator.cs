using System.Text;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.ConfigMaps;

internal sealed class ConfigMapValidator : IValidator<V1ConfigMap>
{
    /// <summary>Of the values together, in bytes; the same for secrets.</summary>
    public const int MaximumSize = 1024 * 1024;

    public void Validate(V1ConfigMap item, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in item.Data ?? new Dictionary<string, string>())
        {
            errors.At("data").Key(key).Report(key, NameRules.ConfigMapKey(key));
            if (item.BinaryData?.ContainsKey(key) == true)
            {
                errors.At("data").Key(key).Invalid(key, "duplicate of key present in binaryData");
            }

            size += Encoding.UTF8.GetByteCount(value ?? "");
        }

        foreach (var (key, value) in item.BinaryData ?? new Dictionary<string, byte[]>())
        {
            errors.At("binaryData").Key(key).Report(key, NameRules.ConfigMapKey(key));
            size += value?.Length ?? 0;
        }

        if (size > MaximumSize)
        {
            errors.At("").TooLong(MaximumSize);
        }
    }

    public void ValidateUpdate(V1ConfigMap next, V1ConfigMap current, FieldErrors errors)
    {
        if (current.Immutable == true)
        {
            const string message = "field is immutable when `immutable` is set";
            if (next.Immutable != true)
            {
                errors.At("immutable").Forbidden(message);
            }

            if (!Same(next.Data, current.Data, string.Equals))
            {
                errors.At("data").Forbidden(message);
            }

            if (!Same(next.BinaryData, current.BinaryData, (a, b) => a.AsSpan().SequenceEqual(b)))
            {
                errors.At("binaryData").Forbidden(message);
            }
        }

        Validate(next, errors);
    }

    internal static bool Same<T>(IDictionary<string, T>? next, IDictionary<string, T>? current, Func<T, T, bool> equal) =>
        (next?.Count ?? 0) == (current?.Count ?? 0)
        && (next ?? new Dictionary<string, T>()).All(p => current!.TryGetValue(p.Key, out var old) && equal(p.Value, old));
}

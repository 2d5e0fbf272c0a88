using GrainKube.ApiMachinery.Quantities;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for environment variables and where they come from.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] Fields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs",
        "status.podIP", "status.podIPs",
    ];

    private static readonly string[] Resources =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    private static readonly string[] Sizes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

    public static void Variables(IList<V1EnvVar>? variables, FieldErrors errors)
    {
        for (var i = 0; i < variables?.Count; i++)
        {
            errors.At(i).At("name").RequiredName(variables[i].Name, NameRules.EnvironmentVariable);
            if (variables[i].ValueFrom is { } source)
            {
                Source(variables[i], source, errors.At(i).At("valueFrom"));
            }
        }
    }

    public static void Sources(IList<V1EnvFromSource>? sources, FieldErrors errors)
    {
        for (var i = 0; i < sources?.Count; i++)
        {
            var source = sources[i];
            var place = errors.At(i);
            if (!string.IsNullOrEmpty(source.Prefix))
            {
                place.At("prefix").Report(source.Prefix, NameRules.EnvironmentVariable(source.Prefix));
            }

            if (source.ConfigMapRef is { } map)
            {
                place.At("configMapRef").At("name").RequiredName(map.Name, NameRules.DnsSubdomain);
            }

            if (source.SecretRef is { } secret)
            {
                place.At("secretRef").At("name").RequiredName(secret.Name, NameRules.DnsSubdomain);
            }

            switch (source.ConfigMapRef, source.SecretRef)
            {
                case (null, null):
                    errors.Invalid("", "must specify one of: `configMapRef` or `secretRef`");
                    break;
                case (not null, not null):
                    errors.Invalid("", "may not have more than one field specified at a time");
                    break;
            }
        }
    }

    /// <summary>A field of the pod itself.</summary>
    public static void FieldReference(V1ObjectFieldSelector reference, IReadOnlyList<string> fields, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(reference.ApiVersion))
        {
            errors.At("apiVersion").Required();
            return;
        }

        var path = reference.FieldPath;
        if (string.IsNullOrEmpty(path))
        {
            errors.At("fieldPath").Required();
            return;
        }

        if (reference.ApiVersion != "v1")
        {
            errors.At("fieldPath").Invalid(path, $"error converting fieldPath: unsupported pod version: {reference.ApiVersion}");
        }
        else if (path.EndsWith("']", StringComparison.Ordinal) && path.IndexOf("['", StringComparison.Ordinal) is > 0 and var bracket)
        {
            Subscript(path, path[..bracket], path[(bracket + 2)..^2], errors);
        }
        else if (!KnownFields.Contains(path))
        {
            errors.At("fieldPath").Invalid(path, $"error converting fieldPath: field label not supported: {path}");
        }
        else if (!fields.Contains(path))
        {
            errors.At("fieldPath").NotSupported(path, fields);
        }
    }

    /// <summary>An amount of a container.</summary>
    public static void ResourceReference(V1ResourceFieldSelector reference, bool inVolume, FieldErrors errors)
    {
        var resource = reference.Resource ?? "";
        if (inVolume && string.IsNullOrEmpty(reference.ContainerName))
        {
            errors.At("containerName").Required();
        }
        else if (resource.Length == 0)
        {
            errors.At("resource").Required();
        }
        else if (!Resources.Contains(resource) && !IsHugePages(resource))
        {
            errors.At("resource").NotSupported(resource, Resources);
        }

        Divisor(resource, reference.Divisor, errors.At("divisor"));
    }

    private static readonly string[] KnownFields = [.. Fields, "metadata.labels", "metadata.annotations", "spec.restartPolicy", "spec.schedulerName", "status.phase"];

    private static void Source(V1EnvVar variable, V1EnvVarSource source, FieldErrors errors)
    {
        var count = 0;
        if (source.FieldRef is { } field)
        {
            count++;
            FieldReference(field, Fields, errors.At("fieldRef"));
        }

        if (source.ResourceFieldRef is { } resource)
        {
            count++;
            ResourceReference(resource, inVolume: false, errors.At("resourceFieldRef"));
        }

        if (source.ConfigMapKeyRef is { } map)
        {
            count++;
            Key(map.Name, map.Key, errors.At("configMapKeyRef"));
        }

        if (source.SecretKeyRef is { } secret)
        {
            count++;
            Key(secret.Name, secret.Key, errors.At("secretKeyRef"));
        }

        if (source.FileKeyRef is { } file)
        {
            count++;
            File(file, errors.At("fileKeyRef"));
        }

        if (count == 0)
        {
            errors.Invalid("", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        }
        else if (!string.IsNullOrEmpty(variable.Value))
        {
            errors.Invalid("", "may not be specified when `value` is not empty");
        }
        else if (count > 1)
        {
            errors.Invalid("", "may not have more than one field specified at a time");
        }
    }

    private static void Key(string? name, string? key, FieldErrors errors)
    {
        errors.At("name").Report(name ?? "", NameRules.DnsSubdomain(name ?? ""));
        errors.At("key").RequiredName(key, NameRules.ConfigMapKey);
    }

    private static void File(V1FileKeySelector file, FieldErrors errors)
    {
        errors.At("key").RequiredName(file.Key, NameRules.EnvironmentVariable);
        errors.At("volumeName").MustBeSet(file.VolumeName);
        errors.At("path").MustBeSet(file.Path);
        PathRules.LocalNonReserved(file.Path, errors.At("path"));
    }

    private static void Subscript(string whole, string path, string key, FieldErrors errors)
    {
        switch (path)
        {
            case "metadata.annotations":
                errors.Report(key.ToLowerInvariant(), NameRules.LabelKey(key.ToLowerInvariant()));
                break;
            case "metadata.labels":
                errors.Report(key, NameRules.LabelKey(key));
                break;
            default:
                errors.At("fieldPath").Invalid(whole, $"error converting fieldPath: field label does not support subscript: {whole}");
                break;
        }
    }

    private static void Divisor(string resource, ResourceQuantity? divisor, FieldErrors errors)
    {
        if (divisor is null || divisor.ToQuantity() is { IsZero: true })
        {
            return;
        }

        var text = divisor.ToQuantity().ToString();
        var sizes = string.Join(", ", Sizes);
        if (resource.EndsWith(".cpu", StringComparison.Ordinal))
        {
            if (text is not ("1m" or "1"))
            {
                errors.Invalid(resource, "only divisor's values 1m and 1 are supported with the cpu resource");
            }
        }
        else if (!Sizes.Contains(text))
        {
            var what = IsHugePages(resource) ? "hugepages" : resource.EndsWith("memory", StringComparison.Ordinal) ? "memory" : "local ephemeral storage";
            errors.Invalid(resource, $"only divisor's values {sizes} are supported with the {what} resource");
        }
    }

    private static bool IsHugePages(string resource) =>
        resource.StartsWith("limits.hugepages-", StringComparison.Ordinal) || resource.StartsWith("requests.hugepages-", StringComparison.Ordinal);
}

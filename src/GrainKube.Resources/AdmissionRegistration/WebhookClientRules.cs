using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration;

/// <summary>Upstream's rules for where a webhook listens (<c>apiserver/pkg/util/webhook</c>).</summary>
internal static class WebhookClientRules
{
    private const string Form = "; desired format: https://host[/path]";

    /// <param name="config">The address.</param>
    /// <param name="errors">The place <c>clientConfig</c>.</param>
    public static void Check(Admissionregistrationv1WebhookClientConfig? config, FieldErrors errors)
    {
        if (config?.Url is null == config?.Service is null)
        {
            errors.Required("exactly one of url or service is required");
        }
        else if (config!.Url is { } url)
        {
            CheckUrl(url, errors.At("url"));
        }
        else
        {
            CheckService(config.Service!, errors.At("service"));
        }
    }

    private static void CheckUrl(string text, FieldErrors errors)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            var scheme = text.IndexOf("://", StringComparison.Ordinal) is > 0 and var end ? text[..end] : "";
            if (scheme == "https")
            {
                errors.Invalid("", "host must be specified" + Form);
            }
            else
            {
                errors.Invalid(scheme, "'https' is the only allowed URL scheme" + Form);
            }

            return;
        }

        if (url.Scheme != "https")
        {
            errors.Invalid(url.Scheme, "'https' is the only allowed URL scheme" + Form);
        }

        if (url.Host.Length == 0)
        {
            errors.Invalid(url.Host, "host must be specified" + Form);
        }

        if (url.UserInfo.Length > 0)
        {
            errors.Invalid(url.UserInfo, "user information is not permitted in the URL");
        }

        if (url.Fragment.Length > 1)
        {
            errors.Invalid(url.Fragment[1..], "fragments are not permitted in the URL");
        }

        if (url.Query.Length > 1)
        {
            errors.Invalid(url.Query[1..], "query parameters are not permitted in the URL");
        }
    }

    private static void CheckService(Admissionregistrationv1ServiceReference service, FieldErrors errors)
    {
        errors.At("name").MustBeSet(service.Name, "service name is required");
        errors.At("namespace").MustBeSet(service.NamespaceProperty, "service namespace is required");
        if (service.Port is < 1 or > 65535)
        {
            errors.At("port").Invalid(service.Port, "port is not valid: must be between 1 and 65535, inclusive");
        }

        if (service.Path is { Length: > 0 } path)
        {
            CheckPath(path, errors.At("path"));
        }
    }

    private static void CheckPath(string path, FieldErrors errors)
    {
        if (path[0] != '/')
        {
            errors.Invalid(path, "must start with a '/'");
        }

        var trimmed = path.StartsWith('/') ? path[1..] : path;
        if (trimmed.EndsWith('/'))
        {
            trimmed = trimmed[..^1];
        }

        if (trimmed.Length == 0)
        {
            if (path is not ("/" or ""))
            {
                errors.Invalid(path, "segment[0] may not be empty");
            }

            return;
        }

        var segments = trimmed.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Length == 0)
            {
                errors.Invalid(path, $"segment[{i}] may not be empty");
                continue;
            }

            foreach (var problem in NameRules.DnsSubdomain(segments[i]))
            {
                errors.Invalid(path, $"segment[{i}]: {problem}");
            }
        }
    }
}

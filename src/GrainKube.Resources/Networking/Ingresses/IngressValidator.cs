using System.Net;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Services;
using k8s.Models;

namespace GrainKube.Resources.Networking.Ingresses;

/// <summary>Upstream's rules for an Ingress.</summary>
internal sealed class IngressValidator : IValidator<V1Ingress>
{
    private const string OldClass = "kubernetes.io/ingress.class";
    private static readonly string[] ForbiddenParts = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] ForbiddenEnds = ["/..", "/."];

    public void Validate(V1Ingress item, FieldErrors errors)
    {
        var spec = errors.At("spec");
        if (item.Spec?.Rules is not { Count: > 0 } && item.Spec?.DefaultBackend is null)
        {
            spec.Invalid(item.Spec?.Rules, "either `defaultBackend` or `rules` must be specified");
        }

        if (item.Spec is not { } wanted)
        {
            return;
        }

        if (wanted.DefaultBackend is { } preset)
        {
            Backend(preset, spec.At("defaultBackend"));
        }

        for (var i = 0; i < (wanted.Rules?.Count ?? 0); i++)
        {
            Rule(wanted.Rules![i], spec.At("rules").At(i));
        }

        for (var i = 0; i < (wanted.Tls?.Count ?? 0); i++)
        {
            Tls(wanted.Tls![i], spec.At("tls").At(i));
        }

        if (wanted.IngressClassName is { } name)
        {
            spec.At("ingressClassName").Report(name, NameRules.DnsSubdomain(name));
        }

        if (wanted.IngressClassName is { } given && item.Metadata?.Annotations?.TryGetValue(OldClass, out var old) == true && old != given)
        {
            errors.At("annotations").At(OldClass).Invalid(old, "must match `ingressClassName` when both are specified");
        }
    }

    public void Warn(V1Ingress next, V1Ingress? current, IList<string> warnings)
    {
        if (current is null && next.Spec?.IngressClassName is null && next.Metadata?.Annotations?.ContainsKey(OldClass) == true)
        {
            warnings.Add($"annotation \"{OldClass}\" is deprecated, please use 'spec.ingressClassName' instead");
        }
    }

    public void ValidateStatusUpdate(V1Ingress next, V1Ingress current, FieldErrors errors) => LoadBalancerRules.Check(
        (next.Status?.LoadBalancer?.Ingress ?? []).Select(i => ((string?)i.Ip, (string?)i.Hostname)),
        errors.At("status").At("loadBalancer").At("ingress"));

    private static void Rule(V1IngressRule rule, FieldErrors errors)
    {
        if (rule.Host is { Length: > 0 } host)
        {
            if (IPAddress.TryParse(host, out _))
            {
                errors.At("host").Invalid(host, "must be a DNS name, not an IP address");
            }

            Host(host, errors.At("host"));
        }

        if (rule.Http is not { } http)
        {
            return;
        }

        if (http.Paths is not { Count: > 0 })
        {
            errors.At("http").At("paths").Required();
        }

        for (var i = 0; i < (http.Paths?.Count ?? 0); i++)
        {
            Path(http.Paths![i], errors.At("http").At("paths").At(i));
        }
    }

    private static void Path(V1HTTPIngressPath path, FieldErrors errors)
    {
        var text = path.Path ?? "";
        var place = errors.At("path");
        switch (path.PathType)
        {
            case null:
                errors.At("pathType").Required("pathType must be specified");
                return;
            case "Exact" or "Prefix":
                if (!text.StartsWith('/'))
                {
                    place.Invalid(text, "must be an absolute path");
                }

                foreach (var part in ForbiddenParts.Where(p => text.Contains(p, StringComparison.Ordinal)))
                {
                    place.Invalid(text, $"must not contain '{part}'");
                }

                foreach (var end in ForbiddenEnds.Where(e => text.EndsWith(e, StringComparison.Ordinal)))
                {
                    place.Invalid(text, $"cannot end with '{end}'");
                }

                break;
            case "ImplementationSpecific":
                if (text.Length > 0 && text[0] != '/')
                {
                    place.Invalid(text, "must be an absolute path");
                }

                break;
            default:
                errors.At("pathType").NotSupported(path.PathType, "Exact", "ImplementationSpecific", "Prefix");
                break;
        }

        Backend(path.Backend, errors.At("backend"));
    }

    private static void Backend(V1IngressBackend? backend, FieldErrors errors)
    {
        if (backend?.Service is null && backend?.Resource is null)
        {
            errors.Invalid("", "resource or service backend is required");
            return;
        }

        if (backend.Service is not null && backend.Resource is not null)
        {
            errors.Invalid("", "cannot set both resource and service backends");
            return;
        }

        if (backend.Resource is { } resource)
        {
            errors.At("resource").At("kind").MustBeSet(resource.Kind);
            errors.At("resource").At("name").MustBeSet(resource.Name);
            return;
        }

        var service = backend.Service!;
        var place = errors.At("service");
        place.At("name").RequiredName(service.Name, NameRules.Dns1035Label);
        var (name, number) = (service.Port?.Name ?? "", service.Port?.Number ?? 0);
        if (name.Length > 0 && number != 0)
        {
            errors.Invalid("", "cannot set both port name & port number");
        }
        else if (name.Length > 0)
        {
            place.At("port").At("name").Report(name, NameRules.PortName(name));
        }
        else if (number != 0)
        {
            place.At("port").At("number").Report(number, NameRules.PortNumber(number));
        }
        else
        {
            errors.Required("port name or number is required");
        }
    }

    private static void Tls(V1IngressTLS tls, FieldErrors errors)
    {
        for (var i = 0; i < (tls.Hosts?.Count ?? 0); i++)
        {
            Host(tls.Hosts![i], errors.At("hosts").At(i));
        }

        if (tls.SecretName is { Length: > 0 } secret)
        {
            errors.At("secretName").Report(secret, NameRules.DnsSubdomain(secret));
        }
    }

    private static void Host(string host, FieldErrors errors) =>
        errors.Report(host, host.Contains('*') ? NameRules.WildcardDnsSubdomain(host) : NameRules.DnsSubdomain(host));
}

using GrainKube.Networking.Ingress.Certificates;
using GrainKube.Networking.Ingress.Routing;
using k8s.Models;

namespace GrainKube.Networking.Ingress.Status;

/// <summary>A warning for the author of an Ingress.</summary>
internal readonly record struct IngressProblem(string Reason, string Message);

/// <summary>Finds what an Ingress asks for that cannot be had.</summary>
internal static class IngressProblems
{
    public static IEnumerable<IngressProblem> Of(V1Ingress item, IIngressWorld world)
    {
        var ns = item.Metadata.NamespaceProperty;
        foreach (var backend in IngressRules.BackendsOf(item))
        {
            if (backend.Resource is { } resource)
            {
                yield return new IngressProblem("UnsupportedBackend", $"Resource backend {resource.Kind}/{resource.Name} is not supported, only services are");
            }
            else if (backend.Service is { } reference && world.Service(ns, reference.Name) is not { } service)
            {
                yield return new IngressProblem("ServiceNotFound", $"Service \"{ns}/{reference.Name}\" not found");
            }
            else if (backend.Service is { } wanted && IngressRules.PortOf(wanted, world.Service(ns, wanted.Name)!) is null)
            {
                var port = wanted.Port?.Name is { Length: > 0 } name ? $"\"{name}\"" : $"{wanted.Port?.Number}";
                yield return new IngressProblem("ServicePortNotFound", $"Service \"{ns}/{wanted.Name}\" has no port {port}");
            }
        }

        foreach (var secret in (item.Spec?.Tls ?? []).Select(t => t.SecretName).Where(n => !string.IsNullOrEmpty(n)).Distinct())
        {
            if (world.Secret(ns, secret) is not { } found)
            {
                yield return new IngressProblem("SecretNotFound", $"Secret \"{ns}/{secret}\" not found, the default certificate is used");
            }
            else if (!IsUsable(found))
            {
                yield return new IngressProblem("InvalidCertificate", $"Secret \"{ns}/{secret}\" holds no usable tls.crt and tls.key, the default certificate is used");
            }
        }
    }

    private static bool IsUsable(V1Secret secret)
    {
        try
        {
            return CertificateTable.Read(secret) is not null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }
}

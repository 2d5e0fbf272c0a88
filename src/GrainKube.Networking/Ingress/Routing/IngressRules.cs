using k8s.Models;

namespace GrainKube.Networking.Ingress.Routing;

/// <summary>Rules of Ingress objects that are the same wherever they are read.</summary>
internal static class IngressRules
{
    /// <summary>Name of the class that a new cluster has.</summary>
    public const string ClassName = "grainkube";

    /// <summary>Controller of the classes that are ours.</summary>
    public const string Controller = "grainkube.io/ingress";

    private const string OldAnnotation = "kubernetes.io/ingress.class";

    /// <summary>Whether the object is ours to serve: by its class, or by the annotation of old, which wins where somebody gave both.</summary>
    public static bool IsOurs(V1Ingress item, IIngressWorld world) =>
        item.Metadata.Annotations is { } annotations && annotations.TryGetValue(OldAnnotation, out var old) ? old == ClassName
        : item.Spec?.IngressClassName is { Length: > 0 } name && world.Class(name)?.Spec?.Controller == Controller;

    /// <summary>All backends the object names.</summary>
    public static IEnumerable<V1IngressBackend> BackendsOf(V1Ingress item)
    {
        if (item.Spec?.DefaultBackend is { } preset)
        {
            yield return preset;
        }

        foreach (var path in (item.Spec?.Rules ?? []).SelectMany(r => r.Http?.Paths ?? []))
        {
            if (path.Backend is { } backend)
            {
                yield return backend;
            }
        }
    }

    /// <summary>Whether one of its backends is a port of a Service that is there.</summary>
    public static bool LeadsSomewhere(V1Ingress item, IIngressWorld world) => BackendsOf(item).Any(
        b => b.Service is { } wanted && world.Service(item.Metadata.NamespaceProperty, wanted.Name) is { } service && PortOf(wanted, service) is not null);

    /// <summary>The port of the Service that a backend names, or null.</summary>
    public static V1ServicePort? PortOf(V1IngressServiceBackend backend, V1Service service) => (service.Spec?.Ports ?? []).FirstOrDefault(
        p => backend.Port?.Name is { Length: > 0 } name ? p.Name == name : p.Port == backend.Port?.Number);
}

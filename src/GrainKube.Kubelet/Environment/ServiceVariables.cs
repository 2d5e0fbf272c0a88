using System.Globalization;
using GrainKube.ApiMachinery.Objects;
using k8s.Models;

namespace GrainKube.Kubelet.Environment;

/// <summary>The variables that tell containers of services: Docker's links, as upstream makes them.</summary>
internal static class ServiceVariables
{
    /// <param name="services">The services of the pod's namespace.</param>
    /// <param name="master">The <c>kubernetes</c> service of <c>default</c>, which every pod is told of.</param>
    /// <param name="links">Whether all services are wanted, or only the master.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<KubeObject> services, KubeObject? master, bool links)
    {
        var chosen = new SortedDictionary<string, V1Service>(StringComparer.Ordinal);
        if (master is not null)
        {
            chosen[master.Key.Name] = master.As<V1Service>();
        }

        if (links)
        {
            foreach (var service in services)
            {
                if (master is null || service.Key.Name != master.Key.Name || service.Key.Namespace == master.Key.Namespace)
                {
                    chosen[service.Key.Name] = service.As<V1Service>();
                }
            }
        }

        return chosen.Where(s => HasAddress(s.Value.Spec) && s.Value.Spec.Ports is { Count: > 0 }).SelectMany(s => Of(s.Key, s.Value.Spec));
    }

    private static bool HasAddress(V1ServiceSpec? spec) => spec is not null && !string.IsNullOrEmpty(spec.ClusterIP) && spec.ClusterIP != "None";

    private static IEnumerable<KeyValuePair<string, string>> Of(string name, V1ServiceSpec spec)
    {
        var prefix = name.ToUpperInvariant().Replace('-', '_');
        var host = spec.ClusterIP.Contains(':') ? $"[{spec.ClusterIP}]" : spec.ClusterIP;
        yield return new(prefix + "_SERVICE_HOST", spec.ClusterIP);
        yield return new(prefix + "_SERVICE_PORT", Number(spec.Ports[0].Port));
        foreach (var port in spec.Ports.Where(p => !string.IsNullOrEmpty(p.Name)))
        {
            yield return new($"{prefix}_SERVICE_PORT_{port.Name.ToUpperInvariant().Replace('-', '_')}", Number(port.Port));
        }

        for (var i = 0; i < spec.Ports.Count; i++)
        {
            var port = spec.Ports[i];
            var protocol = (port.Protocol ?? "TCP").ToLowerInvariant();
            var url = $"{protocol}://{host}:{Number(port.Port)}";
            if (i == 0)
            {
                yield return new(prefix + "_PORT", url);
            }

            var start = $"{prefix}_PORT_{Number(port.Port)}_{protocol.ToUpperInvariant()}";
            yield return new(start, url);
            yield return new(start + "_PROTO", protocol);
            yield return new(start + "_PORT", Number(port.Port));
            yield return new(start + "_ADDR", spec.ClusterIP);
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

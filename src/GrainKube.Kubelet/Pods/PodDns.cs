using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods;

/// <summary>A pod's name and resolver, by upstream's rules.</summary>
internal static class PodDns
{
    private const int LongestHostname = 63;

    /// <summary>The kernel's limit for a host name.</summary>
    private const int LongestFullName = 64;
    private const int MostServers = 3;
    private const int MostSearches = 32;
    private const int LongestSearchLine = 2048;

    /// <summary>What the kernel calls the pod.</summary>
    /// <exception cref="RuntimeException">The name is to be the full one, and that is too long.</exception>
    public static string Hostname(PodContext pod)
    {
        var name = ShortHostname(pod);
        if (pod.Spec.SetHostnameAsFQDN != true || Domain(pod) is not { Length: > 0 } domain)
        {
            return name;
        }

        var full = $"{name}.{domain}";
        return full.Length <= LongestFullName ? full : throw new RuntimeException(
            RuntimeError.Other,
            $"failed to construct FQDN from pod hostname and cluster domain, FQDN {full} is too long ({LongestFullName} characters is the max, {full.Length} characters requested)");
    }

    /// <summary>The pod's name without a domain.</summary>
    public static string ShortHostname(PodContext pod)
    {
        if (pod.Spec.HostnameOverride is { Length: > 0 } forced)
        {
            return forced;
        }

        var name = pod.Spec.HostNetwork == true ? pod.Node.Options.Name
            : pod.Spec.Hostname is { Length: > 0 } own ? own
            : pod.Object.Key.Name;
        return name.Length <= LongestHostname ? name : name[..LongestHostname].TrimEnd('-', '.');
    }

    /// <summary>The domain under which DNS knows the pod; empty where it has none.</summary>
    public static string Domain(PodContext pod) => pod.Spec.Subdomain is { Length: > 0 } subdomain && pod.Spec.HostnameOverride is not { Length: > 0 }
        ? $"{subdomain}.{pod.Object.Key.Namespace}.svc.{pod.Node.Options.ClusterDomain}"
        : "";

    /// <summary>The resolver's settings: by policy, then the pod's own, then cut to what resolvers take, which an event tells.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="host">The host's settings.</param>
    public static ResolverSettings Of(PodContext pod, ResolverSettings host)
    {
        var settings = ByPolicy(pod, host);
        if (pod.Spec.DnsConfig is { } more)
        {
            settings = new ResolverSettings(
                [.. settings.Servers.Union(more.Nameservers ?? [])],
                [.. settings.Searches.Union(more.Searches ?? [])],
                Merge(settings.Options, (more.Options ?? []).Select(o => string.IsNullOrEmpty(o.Value) ? o.Name : $"{o.Name}:{o.Value}")));
        }

        return Fit(pod, settings);
    }

    private static ResolverSettings ByPolicy(PodContext pod, ResolverSettings host)
    {
        var options = pod.Node.Options;
        var policy = pod.Spec.DnsPolicy ?? "ClusterFirst";
        if (policy == "None")
        {
            return ResolverSettings.Empty;
        }

        if (policy != "ClusterFirstWithHostNet" && (policy != "ClusterFirst" || pod.Spec.HostNetwork == true))
        {
            return host;
        }

        if (options.ClusterDns.Count == 0)
        {
            pod.Event(
                "Warning",
                "MissingClusterDNS",
                $"pod: \"{pod.Object.Key.Name}_{pod.Object.Key.Namespace}({pod.Uid})\". kubelet does not have ClusterDNS IP configured and cannot create Pod using \"{policy}\" policy. Falling back to \"Default\" policy.");
            return host;
        }

        string[] own = [$"{pod.Object.Key.Namespace}.svc.{options.ClusterDomain}", $"svc.{options.ClusterDomain}", options.ClusterDomain];
        return new ResolverSettings(options.ClusterDns, [.. own.Union(host.Searches)], ["ndots:5"]);
    }

    private static List<string> Merge(IEnumerable<string> first, IEnumerable<string> second)
    {
        var merged = first.ToList();
        foreach (var option in second)
        {
            merged.RemoveAll(m => NameOf(m) == NameOf(option));
            merged.Add(option);
        }

        return merged;

        static string NameOf(string option) => option.Split(':')[0];
    }

    private static ResolverSettings Fit(PodContext pod, ResolverSettings settings)
    {
        var servers = settings.Servers.Take(MostServers).ToList();
        if (servers.Count < settings.Servers.Count)
        {
            Tell($"Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: {string.Join(' ', servers)}");
        }

        var searches = settings.Searches.Take(MostSearches).ToList();
        while (string.Join(' ', searches).Length > LongestSearchLine)
        {
            searches.RemoveAt(searches.Count - 1);
        }

        if (searches.Count < settings.Searches.Count)
        {
            Tell($"Search Line limits were exceeded, some search paths have been omitted, the applied search line is: {string.Join(' ', searches)}");
        }

        return new ResolverSettings(servers, searches, settings.Options);

        void Tell(string message) => pod.Event("Warning", "DNSConfigForming", message);
    }
}

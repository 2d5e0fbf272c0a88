namespace GrainKube.Kubelet.Pods;

/// <summary>A pod's name and resolver.</summary>
internal static class PodDns
{
    private const int LongestHostname = 63;

    public static string Hostname(PodContext pod)
    {
        var name = pod.Spec.HostnameOverride is { Length: > 0 } forced ? forced
            : pod.Spec.HostNetwork == true ? pod.Node.Options.Name
            : pod.Spec.Hostname is { Length: > 0 } own ? own
            : pod.Object.Key.Name;
        if (pod.Spec.SetHostnameAsFQDN == true && Domain(pod) is { Length: > 0 } domain)
        {
            return $"{name}.{domain}";
        }

        return name.Length <= LongestHostname ? name : name[..LongestHostname].TrimEnd('-', '.');
    }

    /// <summary>The domain under which DNS knows the pod; empty where it has none.</summary>
    public static string Domain(PodContext pod) => pod.Spec.Subdomain is { Length: > 0 } subdomain
        ? $"{subdomain}.{pod.Object.Key.Namespace}.svc.{pod.Node.Options.ClusterDomain}"
        : "";

    /// <summary>Servers, search domains and options; all empty means: the host's resolver.</summary>
    public static (IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options) Of(PodContext pod)
    {
        var options = pod.Node.Options;
        var policy = pod.Spec.DnsPolicy ?? "ClusterFirst";
        var cluster = options.ClusterDns.Count > 0 && (policy == "ClusterFirstWithHostNet" || (policy == "ClusterFirst" && pod.Spec.HostNetwork != true));
        List<string> servers = cluster ? [.. options.ClusterDns] : [];
        List<string> searches = cluster
            ? [$"{pod.Object.Key.Namespace}.svc.{options.ClusterDomain}", $"svc.{options.ClusterDomain}", options.ClusterDomain]
            : [];
        List<string> settings = cluster ? ["ndots:5"] : [];
        if (pod.Spec.DnsConfig is { } more)
        {
            servers.AddRange((more.Nameservers ?? []).Except(servers));
            searches.AddRange((more.Searches ?? []).Except(searches));
            foreach (var option in more.Options ?? [])
            {
                settings.RemoveAll(s => s == option.Name || s.StartsWith(option.Name + ":", StringComparison.Ordinal));
                settings.Add(string.IsNullOrEmpty(option.Value) ? option.Name : $"{option.Name}:{option.Value}");
            }
        }

        return (servers, searches, settings);
    }
}

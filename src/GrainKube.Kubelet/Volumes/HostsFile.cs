using System.Text;
using GrainKube.Kubelet.Environment;
using GrainKube.Kubelet.Pods;

namespace GrainKube.Kubelet.Volumes;

/// <summary>A pod's <c>/etc/hosts</c>, as upstream writes it.</summary>
internal static class HostsFile
{
    public static string Content(PodContext pod)
    {
        var text = new StringBuilder();
        if (pod.Spec.HostNetwork == true)
        {
            text.Append("# Kubernetes-managed hosts file (host network).\n");
            text.Append(File.Exists("/etc/hosts") ? File.ReadAllText("/etc/hosts") : "");
        }
        else
        {
            text.Append("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
            text.Append("fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
            var hostname = PodDns.ShortHostname(pod);
            var domain = PodDns.Domain(pod);
            var ip = FieldReader.PodIp(pod);
            text.Append(domain.Length > 0 ? $"{ip}\t{hostname}.{domain}\t{hostname}\n" : $"{ip}\t{hostname}\n");
        }

        if (pod.Spec.HostAliases is { Count: > 0 } aliases)
        {
            text.Append("\n# Entries added by HostAliases.\n");
            foreach (var alias in aliases)
            {
                text.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
            }
        }

        return text.ToString();
    }
}

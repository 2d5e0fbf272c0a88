using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Core.Services;

/// <summary>Rules for where a load balancer can be reached, of Services and Ingresses.</summary>
internal static class LoadBalancerRules
{
    public static void Check(IEnumerable<(string? Ip, string? Hostname)> points, FieldErrors errors)
    {
        foreach (var (index, (ip, hostname)) in points.Index())
        {
            var place = errors.At(index);
            if (!string.IsNullOrEmpty(ip))
            {
                place.At("ip").Report(ip, NameRules.Ip(ip));
            }

            if (!string.IsNullOrEmpty(hostname))
            {
                place.At("hostname").Report(hostname, NameRules.DnsSubdomain(hostname));
                if (NameRules.Ip(hostname).Count == 0)
                {
                    place.At("hostname").Invalid(hostname, "must be a DNS name, not an IP address");
                }
            }
        }
    }
}

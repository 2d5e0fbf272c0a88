using System.Net;
using GrainKube.Controllers.ServiceEndpoints;
using k8s.Models;

namespace GrainKube.Controllers.Endpoints;

/// <summary>The subsets that a service's pods add up to. Pure.</summary>
internal static class Subsets
{
    /// <summary>Endpoints hold no more addresses than this.</summary>
    public const int Capacity = 1000;

    /// <summary>Pods with the same ports share a subset; within it they are ordered by address.</summary>
    public static IReadOnlyList<Subset> For(V1Service service, IEnumerable<PodEndpoint> pods)
    {
        var spec = service.Spec;
        var publishes = spec.PublishNotReadyAddresses == true;
        var six = spec.IpFamilies is { Count: > 0 } families ? families[0] == "IPv6" : spec.ClusterIP?.Contains(':') == true;
        var groups = new Dictionary<string, (List<SubsetPort> Ports, List<SubsetAddress> Addresses)>();
        foreach (var pod in pods)
        {
            if (!pod.IsReachable || (pod.IsTerminating && !publishes) || pod.AddressOf(six) is not { } address)
            {
                continue;
            }

            var ports = PortsOf(pod, spec);
            if (ports.Count == 0 && !(spec.ClusterIP == "None" && spec.Ports is not { Count: > 0 }))
            {
                continue;
            }

            var key = string.Join('\n', ports);
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = (ports, []);
            }

            var named = pod.Hostname.Length > 0 && pod.Subdomain == service.Metadata.Name;
            group.Addresses.Add(new SubsetAddress(address, publishes || pod.IsReady, named ? pod.Hostname : "", pod));
        }

        return
        [
            .. groups.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Subset(
                g.Value.Ports, [.. g.Value.Addresses.OrderBy(a => Sortable(a.Ip)).ThenBy(a => a.Pod.Item.Header.Uid, StringComparer.Ordinal)])),
        ];
    }

    /// <summary>Leaves out what is too much: first those that are not ready, of every subset its share.</summary>
    /// <returns>The subsets, and whether something was left out.</returns>
    public static (IReadOnlyList<Subset> Subsets, bool Truncated) Truncate(IReadOnlyList<Subset> subsets)
    {
        var (ready, total) = (subsets.Sum(s => s.Addresses.Count(a => a.Ready)), subsets.Sum(s => s.Addresses.Count));
        if (total <= Capacity)
        {
            return (subsets, false);
        }

        var kept = new List<Subset>();
        var (readyLeft, restLeft) = (Math.Min(ready, Capacity), Capacity - Math.Min(ready, Capacity));
        var (readyUnseen, restUnseen) = (ready, total - ready);
        foreach (var subset in subsets)
        {
            var (mine, others) = (subset.Addresses.Where(a => a.Ready).ToList(), subset.Addresses.Where(a => !a.Ready).ToList());
            var (first, second) = (Share(mine.Count, ref readyLeft, ref readyUnseen), Share(others.Count, ref restLeft, ref restUnseen));
            if (first + second > 0)
            {
                kept.Add(subset with { Addresses = [.. mine.Take(first), .. others.Take(second)] });
            }
        }

        return (kept, true);
    }

    // Of what is left to give, in proportion to what is left to be served: the shares add up exactly.
    private static int Share(int count, ref int left, ref int unseen)
    {
        var share = unseen == 0 ? 0 : (int)((long)count * left / unseen);
        (left, unseen) = (left - share, unseen - count);
        return share;
    }

    private static List<SubsetPort> PortsOf(PodEndpoint pod, V1ServiceSpec spec)
    {
        var ports = new List<SubsetPort>(spec.Ports?.Count ?? 0);
        foreach (var port in spec.Ports ?? [])
        {
            if (TargetPorts.Find(pod, port) is { } number)
            {
                ports.Add(new SubsetPort(port.Name ?? "", port.Protocol ?? "TCP", number, port.AppProtocol));
            }
        }

        return ports;
    }

    private static UInt128 Sortable(string address)
    {
        UInt128 number = 0;
        foreach (var part in IPAddress.TryParse(address, out var parsed) ? parsed.GetAddressBytes() : [])
        {
            number = (number << 8) | part;
        }

        return number;
    }
}

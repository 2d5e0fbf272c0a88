using System.Net;
using System.Net.Sockets;
using k8s.Models;

namespace GrainKube.Networking.Dns.Zone;

/// <summary>Reads entries from objects.</summary>
internal static class ServiceEntries
{
    /// <param name="service">The Service.</param>
    /// <param name="slices">All its EndpointSlices.</param>
    /// <param name="domain">The cluster's domain.</param>
    public static ServiceEntry Of(V1Service service, IEnumerable<V1EndpointSlice> slices, string domain)
    {
        var key = $"{service.Metadata.Name}.{service.Metadata.NamespaceProperty}";
        var entry = new ServiceEntry { Key = key, FullName = $"{key}.svc.{domain}" };
        var spec = service.Spec;
        if (spec?.Type == "ExternalName")
        {
            return entry with { ExternalName = (spec.ExternalName ?? "").TrimEnd('.').ToLowerInvariant() };
        }

        var addresses = AddressesOf(spec);
        var endpoints = slices.SelectMany(EndpointsOf).DistinctBy(e => (e.Label, Convert.ToHexString(e.Address), string.Join(',', e.Ports))).ToArray();
        var headless = addresses.Count == 0 && (spec?.ClusterIP == "None" || spec?.ClusterIPs is ["None", ..]);
        var shown = headless ? endpoints.Select(e => e.Address).DistinctBy(Convert.ToHexString).ToList() : addresses;
        return entry with
        {
            Headless = headless,
            Addresses4 = [.. shown.Where(a => a.Length == 4)],
            Addresses6 = [.. shown.Where(a => a.Length == 16)],
            Ports = [.. (spec?.Ports ?? []).Select(p => new PortEntry(p.Name ?? "", (p.Protocol ?? "TCP").ToLowerInvariant(), p.Port))],
            Endpoints = endpoints,
        };
    }

    /// <summary>The name under which the reverse tree knows an address.</summary>
    public static string ReverseName(ReadOnlySpan<byte> address) => address.Length == 4
        ? $"{address[3]}.{address[2]}.{address[1]}.{address[0]}.in-addr.arpa"
        : string.Join('.', Convert.ToHexStringLower(address).Reverse()) + ".ip6.arpa";

    private static List<byte[]> AddressesOf(V1ServiceSpec? spec)
    {
        IEnumerable<string?> texts = spec?.ClusterIPs is { Count: > 0 } several ? several : [spec?.ClusterIP];
        return [.. texts.Select(Parse).OfType<byte[]>()];
    }

    private static IEnumerable<EndpointEntry> EndpointsOf(V1EndpointSlice slice)
    {
        if (slice.AddressType is not ("IPv4" or "IPv6"))
        {
            yield break;
        }

        PortEntry[] ports = [.. (slice.Ports ?? []).Where(p => p.Port is > 0).Select(p => new PortEntry(p.Name ?? "", (p.Protocol ?? "TCP").ToLowerInvariant(), p.Port!.Value))];
        foreach (var endpoint in slice.Endpoints ?? [])
        {
            // Unknown counts as ready, says the API.
            if (endpoint.Conditions?.Ready == false || endpoint.Addresses is not [var first, ..] || Parse(first) is not { } address)
            {
                continue;
            }

            var label = endpoint.Hostname is { Length: > 0 } given ? given.ToLowerInvariant() : DashedName(address);
            yield return new EndpointEntry(label, address, ports);
        }
    }

    private static string DashedName(byte[] address) => new IPAddress(address).ToString().Replace('.', '-').Replace(':', '-');

    private static byte[]? Parse(string? text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 ? address.GetAddressBytes() : null;
}

using System.Net;
using GrainKube.Controllers.EndpointSlices;
using k8s.Models;

namespace GrainKube.Controllers.EndpointSliceMirroring;

/// <summary>The endpoints that slices repeat from Endpoints which somebody wrote. Pure.</summary>
/// <param name="Groups">What the slices are to hold.</param>
/// <param name="Invalid">Addresses that are none.</param>
/// <param name="TooMany">Addresses past the limit of their subset.</param>
internal sealed record MirroredSlices(IReadOnlyList<SliceGroup> Groups, int Invalid, int TooMany)
{
    /// <summary>No more addresses of a subset are mirrored.</summary>
    public const int Capacity = 1000;

    public static MirroredSlices Of(V1Endpoints endpoints)
    {
        var groups = new Dictionary<(string Type, string Ports), (List<SlicePort> Ports, Dictionary<(string, string?, string?), SliceEndpoint> Endpoints)>();
        var (invalid, tooMany) = (0, 0);
        foreach (var subset in endpoints.Subsets ?? [])
        {
            var ports = (subset.Ports ?? []).Select(p => new SlicePort(p.Name ?? "", p.Protocol ?? "TCP", p.Port, p.AppProtocol)).ToList();
            var taken = 0;
            foreach (var (address, ready) in (subset.Addresses ?? []).Select(a => (a, true)).Concat((subset.NotReadyAddresses ?? []).Select(a => (a, false))))
            {
                if (TypeOf(address.Ip) is not { } type)
                {
                    invalid++;
                }
                else if (taken == Capacity)
                {
                    tooMany++;
                }
                else
                {
                    taken++;
                    var key = (type, SlicePort.KeyOf(ports));
                    if (!groups.TryGetValue(key, out var group))
                    {
                        groups[key] = group = (ports, []);
                    }

                    var endpoint = Endpoint(address, ready);
                    group.Endpoints.TryAdd(endpoint.Identity, endpoint);
                }
            }
        }

        return new MirroredSlices([.. groups.Select(g => new SliceGroup(g.Key.Type, g.Value.Ports, [.. g.Value.Endpoints.Values]))], invalid, tooMany);
    }

    private static string? TypeOf(string address) => !IPAddress.TryParse(address, out _) ? null : address.Contains(':') ? "IPv6" : "IPv4";

    private static SliceEndpoint Endpoint(V1EndpointAddress address, bool ready) => new()
    {
        Address = address.Ip,
        Ready = ready,
        Hostname = string.IsNullOrEmpty(address.Hostname) ? null : address.Hostname,
        NodeName = address.NodeName,
        Target = address.TargetRef is { } target
            ? new SliceTarget(target.Kind ?? "", target.NamespaceProperty ?? "", target.Name ?? "", target.Uid ?? "")
            : null,
    };
}

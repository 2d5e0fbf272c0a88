using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using GrainKube.Resources.Core.Services;
using GrainKube.Resources.Networking;
using k8s.Models;

namespace GrainKube.Resources.Discovery.EndpointSlices;

internal sealed class EndpointSliceValidator : IValidator<V1EndpointSlice>
{
    private const int MostEndpoints = 1000;
    private const int MostPorts = 20_000;
    private const int MostAddresses = 100;
    private const int MostHints = 8;

    public void Validate(V1EndpointSlice item, FieldErrors errors)
    {
        errors.At("addressType").RequiredOneOf(item.AddressType, "FQDN", "IPv4", "IPv6");
        Endpoints(item, errors.At("endpoints"));
        Ports(item.Ports ?? [], errors.At("ports"));
    }

    public void ValidateUpdate(V1EndpointSlice next, V1EndpointSlice current, FieldErrors errors)
    {
        Validate(next, errors);
        errors.At("addressType").Immutable(next.AddressType, current.AddressType);
    }

    public void Warn(V1EndpointSlice next, V1EndpointSlice? current, IList<string> warnings)
    {
        if (current is null && next.AddressType == "FQDN")
        {
            warnings.Add("spec.addressType: FQDN type is deprecated.");
        }

        for (var i = 0; next.AddressType == "IPv6" && i < next.Endpoints?.Count; i++)
        {
            AddressWarnings.Addresses(next.Endpoints[i].Addresses, $"endpoints[{i}].addresses", warnings);
        }
    }

    private static void Endpoints(V1EndpointSlice slice, FieldErrors errors)
    {
        if (slice.Endpoints?.Count > MostEndpoints)
        {
            errors.TooMany(slice.Endpoints.Count, MostEndpoints);
            return;
        }

        for (var i = 0; i < slice.Endpoints?.Count; i++)
        {
            Endpoint(slice.Endpoints[i], slice.AddressType, errors.At(i));
        }
    }

    private static void Endpoint(V1Endpoint endpoint, string type, FieldErrors errors)
    {
        var addresses = endpoint.Addresses ?? [];
        if (addresses.Count == 0)
        {
            errors.At("addresses").Required("must contain at least 1 address");
        }
        else if (addresses.Count > MostAddresses)
        {
            errors.At("addresses").TooMany(addresses.Count, MostAddresses);
        }

        for (var i = 0; i < addresses.Count; i++)
        {
            Address(addresses[i], type, errors.At("addresses").At(i));
        }

        if (endpoint.NodeName is { } node)
        {
            errors.At("nodeName").Report(node, NameRules.DnsSubdomain(node));
        }

        if (endpoint.Hostname is { } hostname)
        {
            errors.At("hostname").Report(hostname, NameRules.DnsLabel(hostname));
        }

        Hints((endpoint.Hints?.ForZones ?? []).Select(h => h.Name ?? ""), NameRules.LabelValue, errors.At("hints").At("forZones"));
        Hints((endpoint.Hints?.ForNodes ?? []).Select(h => h.Name ?? ""), NameRules.DnsSubdomain, errors.At("hints").At("forNodes"));
    }

    private static void Address(string address, string type, FieldErrors errors)
    {
        if (type == "FQDN")
        {
            Domain(address, errors);
            return;
        }

        var problems = NameRules.Ip(address);
        errors.Report(
            address,
            problems.Count == 0 && address.Contains(':') == (type == "IPv6") ? ClusterIpRules.SpecialAddress(address)
            : type == "IPv6" ? ["must be a valid IPv6 address"]
            : type == "IPv4" ? ["must be a valid IPv4 address"]
            : []);
    }

    /// <summary>A domain of two labels at least; a dot at the end is not part of what is judged.</summary>
    private static void Domain(string address, FieldErrors errors)
    {
        var name = address.EndsWith('.') ? address[..^1] : address;
        var labels = name.Split('.');
        if (address.Length == 0)
        {
            errors.Required();
        }
        else if (NameRules.DnsSubdomain(name) is { Count: > 0 } problems)
        {
            errors.Invalid(name, string.Join(',', problems));
        }
        else if (labels.Length < 2)
        {
            errors.Invalid(name, "should be a domain with at least two segments separated by dots");
        }
        else if (labels.FirstOrDefault(l => NameRules.DnsLabel(l).Count > 0) is { } label)
        {
            errors.Invalid(label, string.Join(',', NameRules.DnsLabel(label)));
        }
    }

    private static void Hints(IEnumerable<string> names, Func<string, IReadOnlyList<string>> rule, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var all = names.ToList();
        if (all.Count > MostHints)
        {
            errors.TooMany(all.Count, MostHints);
            return;
        }

        for (var i = 0; i < all.Count; i++)
        {
            errors.At(i).At("name").Report(all[i], rule(all[i]));
            if (!seen.Add(all[i]))
            {
                errors.At(i).At("name").Duplicate(all[i]);
            }
        }
    }

    private static void Ports(IList<Discoveryv1EndpointPort> ports, FieldErrors errors)
    {
        if (ports.Count > MostPorts)
        {
            errors.TooMany(ports.Count, MostPorts);
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, place) = (ports[i], errors.At(i));
            if (port.Name is { Length: > 0 } name)
            {
                place.At("name").Report(name, NameRules.DnsLabel(name));
            }

            if (!names.Add(port.Name ?? ""))
            {
                place.At("name").Duplicate(port.Name ?? "");
            }

            if (port.Protocol is null)
            {
                place.At("protocol").Required();
            }

            place.At("protocol").OneOf(port.Protocol, PortRules.Protocols);
            if (port.AppProtocol is { } protocol)
            {
                place.At("appProtocol").Report(protocol, NameRules.LabelKey(protocol));
            }
        }
    }
}

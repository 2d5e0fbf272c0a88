using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using GrainKube.Resources.Core.Services;
using GrainKube.Resources.Networking;
using k8s.Models;

namespace GrainKube.Resources.Core.Endpoints;

internal sealed class EndpointsValidator : IValidator<V1Endpoints>
{
    public void Validate(V1Endpoints item, FieldErrors errors)
    {
        for (var i = 0; i < item.Subsets?.Count; i++)
        {
            Subset(item.Subsets[i], errors.At("subsets").At(i));
        }
    }

    public void Warn(V1Endpoints next, V1Endpoints? current, IList<string> warnings)
    {
        for (var i = 0; i < next.Subsets?.Count; i++)
        {
            Warn(next.Subsets[i].Addresses, $"subsets[{i}].addresses", warnings);
            Warn(next.Subsets[i].NotReadyAddresses, $"subsets[{i}].notReadyAddresses", warnings);
        }
    }

    private static void Warn(IList<V1EndpointAddress>? addresses, string path, IList<string> warnings)
    {
        for (var i = 0; i < addresses?.Count; i++)
        {
            AddressWarnings.Address(addresses[i].Ip, $"{path}[{i}].ip", warnings);
        }
    }

    private static void Subset(V1EndpointSubset subset, FieldErrors errors)
    {
        if (subset.Addresses is not { Count: > 0 } && subset.NotReadyAddresses is not { Count: > 0 })
        {
            errors.Required("must specify `addresses` or `notReadyAddresses`");
        }

        for (var i = 0; i < subset.Addresses?.Count; i++)
        {
            Address(subset.Addresses[i], errors.At("addresses").At(i));
        }

        for (var i = 0; i < subset.NotReadyAddresses?.Count; i++)
        {
            Address(subset.NotReadyAddresses[i], errors.At("notReadyAddresses").At(i));
        }

        for (var i = 0; i < subset.Ports?.Count; i++)
        {
            Port(subset.Ports[i], subset.Ports.Count > 1, errors.At("ports").At(i));
        }
    }

    private static void Address(V1EndpointAddress address, FieldErrors errors)
    {
        var problems = NameRules.Ip(address.Ip ?? "");
        errors.At("ip").Report(address.Ip, problems.Count > 0 ? problems : ClusterIpRules.SpecialAddress(address.Ip!));
        if (!string.IsNullOrEmpty(address.Hostname))
        {
            errors.At("hostname").Report(address.Hostname, NameRules.DnsLabel(address.Hostname));
        }

        if (address.NodeName is { } node)
        {
            errors.At("nodeName").Report(node, NameRules.DnsSubdomain(node));
        }
    }

    private static void Port(Corev1EndpointPort port, bool needsName, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(port.Name))
        {
            errors.At("name").Report(port.Name, NameRules.DnsLabel(port.Name));
        }
        else if (needsName)
        {
            errors.At("name").Required();
        }

        errors.At("port").Report(port.Port, NameRules.PortNumber(port.Port));
        errors.At("protocol").RequiredOneOf(port.Protocol, PortRules.Protocols);
        if (port.AppProtocol is { } protocol)
        {
            errors.At("appProtocol").Report(protocol, NameRules.LabelKey(protocol));
        }
    }
}

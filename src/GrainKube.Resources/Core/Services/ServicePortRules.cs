using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.Services;

/// <summary>Rules for the ports of a service: each alone, and no two alike.</summary>
internal static class ServicePortRules
{
    public static void Check(V1ServiceSpec spec, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < spec.Ports?.Count; i++)
        {
            One(spec.Ports[i], spec.Ports.Count > 1, names, errors.At(i));
        }

        var (nodePorts, ports) = (new HashSet<(string?, int)>(), new HashSet<(string?, int)>());
        for (var i = 0; i < spec.Ports?.Count; i++)
        {
            var port = spec.Ports[i];
            if (port.NodePort is { } node and not 0)
            {
                if (spec.Type == "ClusterIP")
                {
                    errors.At(i).At("nodePort").Forbidden("may not be used when `type` is 'ClusterIP'");
                }

                errors.At(i).At("nodePort").Report(node, NameRules.PortNumber(node));
                if (!nodePorts.Add((port.Protocol, node)))
                {
                    errors.At(i).At("nodePort").Duplicate(node);
                }
            }

            if (!ports.Add((port.Protocol, port.Port)))
            {
                errors.At(i).Duplicate(new V1ServicePort { Port = port.Port, Protocol = port.Protocol });
            }
        }
    }

    private static void One(V1ServicePort port, bool needsName, HashSet<string> names, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(port.Name))
        {
            if (needsName)
            {
                errors.At("name").Required();
            }
        }
        else
        {
            errors.At("name").Report(port.Name, NameRules.DnsLabel(port.Name));
            if (!names.Add(port.Name))
            {
                errors.At("name").Duplicate(port.Name);
            }
        }

        errors.At("port").Report(port.Port, NameRules.PortNumber(port.Port));
        errors.At("protocol").RequiredOneOf(port.Protocol, PortRules.Protocols);
        PortRules.NumberOrName(port.TargetPort, errors.At("targetPort"));
        if (port.AppProtocol is { } protocol)
        {
            errors.At("appProtocol").Report(protocol, NameRules.LabelKey(protocol));
        }
    }
}

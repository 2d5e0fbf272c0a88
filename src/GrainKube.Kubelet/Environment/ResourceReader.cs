using System.Globalization;
using GrainKube.Kubelet.Pods;
using k8s.Models;

namespace GrainKube.Kubelet.Environment;

/// <summary>Reads a container's requests and limits for the downward API; where there is no limit, the pod's as a whole counts, and then what the node has.</summary>
internal static class ResourceReader
{
    /// <exception cref="ConfigException">The container or the resource is not known.</exception>
    public static string Read(PodContext pod, V1ResourceFieldSelector selector, V1Container? self)
    {
        var container = string.IsNullOrEmpty(selector.ContainerName) ? self : pod.Find(selector.ContainerName);
        if (container is null)
        {
            throw new ConfigException($"container {selector.ContainerName} not found");
        }

        var dot = selector.Resource.IndexOf('.', StringComparison.Ordinal);
        var (kind, name) = dot > 0 ? (selector.Resource[..dot], selector.Resource[(dot + 1)..]) : ("", "");
        var amounts = kind switch
        {
            "limits" => container.Resources?.Limits,
            "requests" => container.Resources?.Requests,
            _ => throw new ConfigException($"Unsupported container resource : {selector.Resource}"),
        };
        decimal amount = 0;
        if (amounts is not null && amounts.TryGetValue(name, out var quantity))
        {
            amount = quantity.ToDecimal();
        }
        else if (kind == "limits" && pod.Spec.Resources?.Limits is { } whole && whole.TryGetValue(name, out var most))
        {
            amount = most.ToDecimal();
        }
        else if (kind == "limits")
        {
            amount = pod.Node.Ledger.Allocatable.GetValueOrDefault(name);
            amount = name == "cpu" ? amount / 1000 : amount;
        }

        var divisor = selector.Divisor?.ToDecimal() is { } given and > 0 ? given : 1;
        return Math.Ceiling(amount / divisor).ToString("0", CultureInfo.InvariantCulture);
    }
}

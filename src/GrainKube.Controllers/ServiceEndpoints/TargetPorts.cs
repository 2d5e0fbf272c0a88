using System.Globalization;
using k8s.Models;

namespace GrainKube.Controllers.ServiceEndpoints;

/// <summary>Which port of a pod a service's port leads to.</summary>
internal static class TargetPorts
{
    /// <returns>Null where the pod has no port of that name and protocol.</returns>
    public static int? Find(PodEndpoint pod, V1ServicePort port)
    {
        var target = port.TargetPort?.Value;
        if (string.IsNullOrEmpty(target) || target == "0")
        {
            return port.Port;
        }

        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        foreach (var named in pod.Ports)
        {
            if (named.Name == target && named.Protocol == (port.Protocol ?? "TCP"))
            {
                return named.Number;
            }
        }

        return null;
    }
}

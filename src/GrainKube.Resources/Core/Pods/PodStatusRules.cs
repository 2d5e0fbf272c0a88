using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for what a kubelet writes through <c>/status</c>.</summary>
internal static class PodStatusRules
{
    public static void Check(V1Pod next, V1Pod current, FieldErrors errors)
    {
        var (status, before) = (next.Status ?? new V1PodStatus(), current.Status ?? new V1PodStatus());
        errors.At("qosClass").Immutable(status.QosClass, before.QosClass);
        if (!string.IsNullOrEmpty(status.NominatedNodeName) && status.NominatedNodeName != before.NominatedNodeName)
        {
            errors.At("nominatedNodeName").Report(status.NominatedNodeName, NameRules.DnsSubdomain(status.NominatedNodeName));
        }

        for (var i = 0; i < status.Conditions?.Count; i++)
        {
            var type = status.Conditions[i].Type ?? "";
            errors.At("conditions").At(i).At("type").Report(type, NameRules.LabelKey(type));
        }

        var policy = current.Spec?.RestartPolicy ?? "Always";
        var sidecars = current.Spec?.InitContainers?.Where(c => c.RestartPolicy == "Always").Select(c => c.Name).ToHashSet() ?? [];
        Transitions(status.ContainerStatuses, before.ContainerStatuses, policy, [], errors.At("containerStatuses"));
        Transitions(status.InitContainerStatuses, before.InitContainerStatuses, policy, sidecars, errors.At("initContainerStatuses"));
        Transitions(status.EphemeralContainerStatuses, before.EphemeralContainerStatuses, "Never", [], errors.At("ephemeralContainerStatuses"));
        for (var i = 0; i < status.PodIPs?.Count; i++)
        {
            errors.At("podIPs").At(i).Report(status.PodIPs[i].Ip ?? "", NameRules.Ip(status.PodIPs[i].Ip ?? ""));
        }

        if (status.HostIPs is { Count: > 0 } hosts && hosts[0].Ip != status.HostIP)
        {
            errors.At("hostIPs").At(0).At("ip").Invalid(hosts[0].Ip, "must be equal to `hostIP`");
        }
    }

    /// <summary>A container that is done and will not be started again stays done.</summary>
    private static void Transitions(
        IList<V1ContainerStatus>? next, IList<V1ContainerStatus>? current, string policy, HashSet<string> sidecars, FieldErrors errors)
    {
        for (var i = 0; policy != "Always" && i < current?.Count; i++)
        {
            var old = current[i];
            if (old.State?.Terminated is not { } end || (end.ExitCode != 0 && policy == "OnFailure") || sidecars.Contains(old.Name))
            {
                continue;
            }

            if (next?.Any(n => n.Name == old.Name && n.State?.Terminated is null) == true)
            {
                errors.At(i).At("state").Forbidden("may not be transitioned to non-terminated state");
            }
        }
    }
}

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
        Addresses([.. (status.PodIPs ?? []).Select(a => a.Ip ?? "")], status.PodIPs, errors.At("podIPs"));
        if (status.HostIPs is { Count: > 0 } hosts)
        {
            if (hosts[0].Ip != status.HostIP)
            {
                errors.At("hostIPs").At(0).At("ip").Invalid(hosts[0].Ip, "must be equal to `hostIP`");
            }

            Addresses([.. hosts.Select(a => a.Ip ?? "")], hosts, errors.At("hostIPs"));
        }

        Claims(status.ResourceClaimStatuses, next.Spec?.ResourceClaims, errors.At("resourceClaimStatuses"));
    }

    private static void Addresses(string[] addresses, object? shown, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < addresses.Length; i++)
        {
            errors.At(i).Report(addresses[i], NameRules.Ip(addresses[i]));
            if (!seen.Add(addresses[i]))
            {
                errors.At(i).Duplicate(new { ip = addresses[i] });
            }
        }

        if (addresses.Length > 1 && (addresses.Length > 2 || addresses[0].Contains(':') == addresses[1].Contains(':')))
        {
            errors.Invalid(shown, "may specify no more than one IP for each IP family");
        }
    }

    private static void Claims(IList<V1PodResourceClaimStatus>? statuses, IList<V1PodResourceClaim>? claims, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < statuses?.Count; i++)
        {
            var (name, place) = (statuses[i].Name ?? "", errors.At(i).At("name"));
            if (claims?.Any(c => c.Name == name) != true)
            {
                place.Invalid(name, "must match the name of an entry in `spec.resourceClaims`");
            }

            if (!seen.Add(name))
            {
                place.Duplicate(name);
            }

            if (statuses[i].ResourceClaimName is { } claim)
            {
                place.Report(claim, NameRules.DnsSubdomain(claim));
            }
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

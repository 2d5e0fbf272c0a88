using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for a pod spec, in a pod or in a template.</summary>
internal static class PodSpecRules
{
    private const int MaximumHostname = 64;

    /// <param name="spec">The spec after defaulting.</param>
    /// <param name="podName">The name of the pod; null in a template.</param>
    /// <param name="errors">The place of the spec.</param>
    public static void Check(V1PodSpec spec, string? podName, FieldErrors errors)
    {
        if (spec.TerminationGracePeriodSeconds is null)
        {
            errors.At("terminationGracePeriodSeconds").Required();
        }

        var volumes = VolumeRules.Check(spec.Volumes, podName, errors.At("volumes"));
        ResourceClaims(spec.ResourceClaims, errors.At("resourceClaims"));
        var containers = new ContainerRules(spec, volumes, isPod: podName is not null);
        containers.Regular(errors.At("containers"));
        containers.Init(errors.At("initContainers"));
        containers.Ephemeral(errors.At("ephemeralContainers"));
        PodResourceRules.Check(spec, errors.At("resources"));
        HostNetworkPorts(spec, isPod: podName is not null, errors.At("containers"));
        errors.At("restartPolicy").RequiredOneOf(spec.RestartPolicy, "Always", "OnFailure", "Never");
        errors.At("dnsPolicy").RequiredOneOf(spec.DnsPolicy, "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        LabelRules.Labels(spec.NodeSelector, errors.At("nodeSelector"));
        SecurityContextRules.Pod(spec, errors.At("securityContext"));
        AffinityRules.Check(spec.Affinity, errors.At("affinity"));
        DnsRules.Check(spec.DnsConfig, spec.DnsPolicy, errors.At("dnsConfig"));
        Gates(spec, errors);
        TopologySpreadRules.Check(spec.TopologySpreadConstraints, errors.At("topologySpreadConstraints"));
        WindowsRules.HostProcess(spec, errors);
        SecurityContextRules.HostUsers(spec, errors);
        Names(spec, errors);
        if (spec.ActiveDeadlineSeconds is { } deadline)
        {
            errors.At("activeDeadlineSeconds").Report(deadline, NameRules.InRange(deadline, 1, int.MaxValue));
        }

        TolerationRules.Check(spec.Tolerations, errors.At("tolerations"));
        DnsRules.HostAliases(spec.HostAliases, errors.At("hostAliases"));
        if (spec.PreemptionPolicy is { } preemption)
        {
            errors.At("preemptionPolicy").RequiredOneOf(preemption, "PreemptLowerPriority", "Never");
        }

        ResourceRules.Overhead(spec.Overhead, errors.At("overhead"));
        OperatingSystemRules.Check(spec, errors);
    }

    private static void Names(V1PodSpec spec, FieldErrors errors)
    {
        If(spec.ServiceAccountName, "serviceAccountName", NameRules.DnsSubdomain);
        If(spec.NodeName, "nodeName", NameRules.DnsSubdomain);
        If(spec.Hostname, "hostname", NameRules.DnsLabel);
        If(spec.Subdomain, "subdomain", NameRules.DnsLabel);
        If(spec.HostnameOverride, "hostnameOverride", NameRules.DnsSubdomain);
        if (spec.HostnameOverride?.Length > MaximumHostname)
        {
            errors.At("hostnameOverride").TooLong(MaximumHostname);
        }

        if (spec.HostnameOverride is not null && spec.HostNetwork == true)
        {
            errors.At("hostnameOverride").Forbidden("cannot be set when hostNetwork is true");
        }

        if (spec.HostnameOverride is not null && spec.SetHostnameAsFQDN == true)
        {
            errors.At("hostnameOverride").Forbidden("cannot be set when setHostnameAsFQDN is true");
        }

        If(spec.PriorityClassName, "priorityClassName", NameRules.DnsSubdomain);
        if (spec.RuntimeClassName is { } runtime)
        {
            errors.At("runtimeClassName").Report(runtime, NameRules.DnsSubdomain(runtime));
        }

        void If(string? value, string field, Func<string, IReadOnlyList<string>> rule)
        {
            if (!string.IsNullOrEmpty(value))
            {
                errors.At(field).Report(value, rule(value));
            }
        }
    }

    private static void Gates(V1PodSpec spec, FieldErrors errors)
    {
        for (var i = 0; i < spec.ReadinessGates?.Count; i++)
        {
            var type = spec.ReadinessGates[i].ConditionType ?? "";
            errors.At("readinessGates").At(i).At("conditionType").Report(type, NameRules.LabelKey(type));
        }

        if (spec.SchedulingGates is not { Count: > 0 })
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < spec.SchedulingGates.Count; i++)
        {
            var name = spec.SchedulingGates[i].Name ?? "";
            var place = errors.At("schedulingGates").At(i);
            place.Report(name, NameRules.LabelKey(name));
            if (!seen.Add(name))
            {
                place.Duplicate(name);
            }
        }
    }

    private static void ResourceClaims(IList<V1PodResourceClaim>? claims, FieldErrors errors)
    {
        if (claims is not { Count: > 0 })
        {
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < claims.Count; i++)
        {
            var (claim, place) = (claims[i], errors.At(i));
            if (string.IsNullOrEmpty(claim.Name) || names.Add(claim.Name))
            {
                place.At("name").RequiredName(claim.Name, NameRules.DnsLabel);
            }
            else
            {
                place.At("name").Duplicate(claim.Name);
            }

            switch (claim.ResourceClaimName, claim.ResourceClaimTemplateName)
            {
                case (null, null):
                    place.Invalid(claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
                    break;
                case (not null, not null):
                    place.Invalid(claim, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
                    break;
            }

            Name(claim.ResourceClaimName, place.At("resourceClaimName"));
            Name(claim.ResourceClaimTemplateName, place.At("resourceClaimTemplateName"));
        }
    }

    private static void Name(string? name, FieldErrors errors)
    {
        if (name is not null)
        {
            errors.Report(name, NameRules.DnsSubdomain(name));
        }
    }

    /// <summary>With the network of the host a port of the container is a port of the node. A template may leave it to the pod's defaults.</summary>
    private static void HostNetworkPorts(V1PodSpec spec, bool isPod, FieldErrors errors)
    {
        for (var c = 0; spec.HostNetwork == true && c < spec.Containers?.Count; c++)
        {
            for (var p = 0; p < spec.Containers[c].Ports?.Count; p++)
            {
                var port = spec.Containers[c].Ports[p];
                var host = port.HostPort ?? 0;
                if ((isPod || host != 0) && host != port.ContainerPort)
                {
                    errors.At(c).At("ports").At(p).At("hostPort").Invalid(host, "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }
}

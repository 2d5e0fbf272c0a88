using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Services;

/// <summary>Rules for services; those about addresses and families are in <see cref="ClusterIpRules"/>.</summary>
internal sealed class ServiceValidator : IValidator<V1Service>
{
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

    public void Validate(V1Service item, FieldErrors errors)
    {
        var spec = item.Spec ?? new V1ServiceSpec();
        var place = errors.At("spec");
        var headless = ClusterIpRules.IsHeadless(spec);
        if (spec.Ports is not { Count: > 0 } && !headless && spec.Type != "ExternalName")
        {
            place.At("ports").Required();
        }

        OfType(spec, headless, place);
        ServicePortRules.Check(spec, place.At("ports"));
        LabelRules.Labels(spec.Selector, place.At("selector"));
        Affinity(spec, place);
        ClusterIpRules.Check(spec, place);
        ExternalAddresses(spec.ExternalIPs, place.At("externalIPs"));
        place.At("type").RequiredOneOf(spec.Type, Types);
        SourceRanges(spec, place.At("LoadBalancerSourceRanges"));
        if (spec.AllocateLoadBalancerNodePorts is not null && spec.Type != "LoadBalancer")
        {
            place.At("allocateLoadBalancerNodePorts").Forbidden("may only be used when `type` is 'LoadBalancer'");
        }

        if (spec.LoadBalancerClass is { } balancer)
        {
            LoadBalancerClass(spec, balancer, place.At("loadBalancerClass"));
        }

        Traffic(spec, place);
    }

    public void ValidateUpdate(V1Service next, V1Service current, FieldErrors errors)
    {
        ClusterIpRules.CheckUpdate(next.Spec ?? new V1ServiceSpec(), current.Spec ?? new V1ServiceSpec(), errors.At("spec"));
        if (next.Spec?.Type == "LoadBalancer" && current.Spec?.Type == "LoadBalancer" && next.Spec.LoadBalancerClass != current.Spec.LoadBalancerClass)
        {
            errors.At("spec").At("loadBalancerClass").Invalid(next.Spec.LoadBalancerClass, "may not change once set");
        }

        if (NeedsHealthCheck(next.Spec) && NeedsHealthCheck(current.Spec) && current.Spec!.HealthCheckNodePort is > 0
            && next.Spec!.HealthCheckNodePort != current.Spec.HealthCheckNodePort)
        {
            errors.At("spec").At("healthCheckNodePort").Forbidden("field is immutable");
        }

        Validate(next, errors);
    }

    public void Warn(V1Service next, V1Service? current, IList<string> warnings) => ServiceWarnings.Add(next, warnings);

    public void ValidateStatusUpdate(V1Service next, V1Service current, FieldErrors errors)
    {
        var place = errors.At("status").At("loadBalancer").At("ingress");
        var ingress = next.Status?.LoadBalancer?.Ingress;
        if (ingress is { Count: > 0 } && next.Spec?.Type != "LoadBalancer")
        {
            place.Forbidden("may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }

        LoadBalancerRules.Check((ingress ?? []).Select(i => ((string?)i.Ip, (string?)i.Hostname)), place);
        foreach (var (index, point) in (ingress ?? []).Index())
        {
            Mode(point, place.At(index).At("ipMode"));
        }
    }

    /// <summary>Source: KEP-1860. A default makes it <c>VIP</c> where there is an address.</summary>
    private static void Mode(V1LoadBalancerIngress point, FieldErrors place)
    {
        var hasAddress = !string.IsNullOrEmpty(point.Ip);
        if (point.IpMode is null)
        {
            if (hasAddress)
            {
                place.Required("must be specified when `ip` is set");
            }

            return;
        }

        if (!hasAddress)
        {
            place.Forbidden("may not be specified when `ip` is not set");
        }

        if (point.IpMode is not ("Proxy" or "VIP"))
        {
            place.NotSupported(point.IpMode, "Proxy", "VIP");
        }
    }

    private static void OfType(V1ServiceSpec spec, bool headless, FieldErrors errors)
    {
        if (spec.Type is "LoadBalancer" or "NodePort" && headless)
        {
            errors.At("clusterIPs").At(0).Invalid("None", $"may not be set to 'None' for {spec.Type} services");
        }

        if (spec.Type != "ExternalName")
        {
            return;
        }

        const string message = "may not be set for ExternalName services";
        if (spec.ClusterIPs is { Count: > 0 } || !string.IsNullOrEmpty(spec.ClusterIP))
        {
            errors.At("clusterIPs").Forbidden(message);
        }

        if (spec.IpFamilies is { Count: > 0 })
        {
            errors.At("ipFamilies").Forbidden(message);
        }

        if (spec.IpFamilyPolicy is not null)
        {
            errors.At("ipFamilyPolicy").Forbidden(message);
        }

        errors.At("externalName").RequiredName(spec.ExternalName, name => NameRules.DnsSubdomain(name.EndsWith('.') ? name[..^1] : name));
    }

    private static void Affinity(V1ServiceSpec spec, FieldErrors errors)
    {
        errors.At("sessionAffinity").RequiredOneOf(spec.SessionAffinity, "ClientIP", "None");
        var place = errors.At("sessionAffinityConfig");
        if (spec.SessionAffinity == "ClientIP")
        {
            if (spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds is not { } timeout)
            {
                place.Required("when session affinity type is ClientIP");
            }
            else if (timeout is <= 0 or > 86_400)
            {
                place.At("clientIP").At("timeoutSeconds").Invalid(timeout, "must be greater than 0 and less than 86400");
            }
        }
        else if (spec.SessionAffinity == "None" && spec.SessionAffinityConfig is not null)
        {
            place.Forbidden("must not be set when session affinity is None");
        }
    }

    private static void ExternalAddresses(IList<string>? addresses, FieldErrors errors)
    {
        for (var i = 0; i < addresses?.Count; i++)
        {
            var problems = NameRules.Ip(addresses[i]);
            errors.At(i).Report(addresses[i], problems.Count > 0 ? problems : ClusterIpRules.SpecialAddress(addresses[i]));
        }
    }

    private static void SourceRanges(V1ServiceSpec spec, FieldErrors errors)
    {
        if (spec.LoadBalancerSourceRanges is not { Count: > 0 } ranges)
        {
            return;
        }

        if (spec.Type != "LoadBalancer")
        {
            errors.Forbidden("may only be used when `type` is 'LoadBalancer'");
        }

        for (var i = 0; i < ranges.Count; i++)
        {
            errors.At(i).Report(ranges[i], NameRules.Cidr(ranges[i].Trim()));
        }
    }

    private static void LoadBalancerClass(V1ServiceSpec spec, string name, FieldErrors errors)
    {
        if (spec.Type != "LoadBalancer")
        {
            errors.Forbidden("may only be used when `type` is 'LoadBalancer'");
        }

        errors.Report(name, NameRules.LabelKey(name));
    }

    private static void Traffic(V1ServiceSpec spec, FieldErrors errors)
    {
        var accessible = spec.Type is "LoadBalancer" or "NodePort" || (spec.Type == "ClusterIP" && spec.ExternalIPs is { Count: > 0 });
        if (accessible)
        {
            errors.At("externalTrafficPolicy").RequiredOneOf(spec.ExternalTrafficPolicy, "Cluster", "Local");
        }
        else if (!string.IsNullOrEmpty(spec.ExternalTrafficPolicy))
        {
            errors.At("externalTrafficPolicy").Invalid(spec.ExternalTrafficPolicy, "may only be set for externally-accessible services");
        }

        if (spec.HealthCheckNodePort is { } port and not 0)
        {
            if (NeedsHealthCheck(spec))
            {
                errors.At("healthCheckNodePort").Report(port, NameRules.PortNumber(port));
            }
            else
            {
                errors.At("healthCheckNodePort").Invalid(port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
            }
        }

        if (spec.Type is "NodePort" or "LoadBalancer" or "ClusterIP")
        {
            errors.At("internalTrafficPolicy").MustBeSet(spec.InternalTrafficPolicy);
        }

        errors.At("internalTrafficPolicy").OneOf(spec.InternalTrafficPolicy, "Cluster", "Local");
        errors.At("trafficDistribution").OneOf(spec.TrafficDistribution, "PreferClose", "PreferSameNode", "PreferSameZone");
    }

    private static bool NeedsHealthCheck(V1ServiceSpec? spec) => spec is { Type: "LoadBalancer", ExternalTrafficPolicy: "Local" };
}

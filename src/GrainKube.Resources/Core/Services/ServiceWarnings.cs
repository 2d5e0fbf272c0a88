using GrainKube.Resources.Networking;
using k8s.Models;

namespace GrainKube.Resources.Core.Services;

/// <summary>What a service may say without effect, or not for long.</summary>
internal static class ServiceWarnings
{
    private const string OldHints = "service.kubernetes.io/topology-aware-hints";

    public static void Add(V1Service service, IList<string> warnings)
    {
        var spec = service.Spec ?? new V1ServiceSpec();
        if (service.Metadata?.Annotations?.ContainsKey(OldHints) == true)
        {
            warnings.Add($"annotation {OldHints} is deprecated, please use service.kubernetes.io/topology-mode instead");
        }

        var headless = spec.Type == "ClusterIP" && ClusterIpRules.IsHeadless(spec);
        if (spec.Type != "ExternalName" && !headless)
        {
            AddressWarnings.Addresses(spec.ClusterIPs, "spec.clusterIPs", warnings);
        }

        var outside = spec.ExternalIPs is { Count: > 0 };
        if (headless)
        {
            Ignored(!string.IsNullOrEmpty(spec.LoadBalancerIP), "spec.loadBalancerIP is ignored for headless services", warnings);
            Ignored(outside, "spec.externalIPs is ignored for headless services", warnings);
            Ignored(spec.SessionAffinity != "None", "spec.SessionAffinity is ignored for headless services", warnings);
        }

        AddressWarnings.Addresses(spec.ExternalIPs, "spec.externalIPs", warnings);
        Ignored(outside && !headless && spec.Type != "ExternalName", "spec.externalIPs is deprecated and may no longer be implemented in some clusters", warnings);
        AddressWarnings.Address(spec.LoadBalancerIP, "spec.loadBalancerIP", warnings);
        AddressWarnings.Blocks(spec.LoadBalancerSourceRanges, "spec.loadBalancerSourceRanges", warnings);
        Ignored(spec.Type == "ExternalName" && outside, "spec.externalIPs is ignored when spec.type is \"ExternalName\"", warnings);
        Ignored(spec.Type != "ExternalName" && !string.IsNullOrEmpty(spec.ExternalName), "spec.externalName is ignored when spec.type is not \"ExternalName\"", warnings);
        Ignored(spec.TrafficDistribution == "PreferClose", "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"", warnings);
    }

    private static void Ignored(bool isSo, string message, IList<string> warnings)
    {
        if (isSo)
        {
            warnings.Add(message);
        }
    }
}

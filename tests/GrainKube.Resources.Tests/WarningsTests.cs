using Xunit;

namespace GrainKube.Resources.Tests;

/// <summary>What is allowed, and of which upstream warns in these words.</summary>
public sealed class WarningsTests
{
    [Theory]
    [InlineData("services", """{"spec":{"ports":[{"port":80}],"externalIPs":["1.2.3.4"]}}""", "spec.externalIPs is deprecated and may no longer be implemented in some clusters")]
    [InlineData("services", """{"spec":{"clusterIP":"None","sessionAffinity":"ClientIP"}}""", "spec.SessionAffinity is ignored for headless services")]
    [InlineData("services", """{"spec":{"ports":[{"port":80}],"trafficDistribution":"PreferClose"}}""", "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"")]
    [InlineData("services", """{"spec":{"type":"LoadBalancer","ports":[{"port":80}],"loadBalancerIP":"2001:DB8::1"}}""", "spec.loadBalancerIP: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")")]
    [InlineData("networkpolicies.networking.k8s.io", """{"spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"2001:db8:0::/48"}}]}]}}""", "spec.ingress[0].from[0].ipBlock.cidr: IPv6 CIDR value \"2001:db8:0::/48\" should be in RFC 5952 canonical format (\"2001:db8::/48\")")]
    [InlineData("ingresses.networking.k8s.io", """{"metadata":{"annotations":{"kubernetes.io/ingress.class":"nginx"}},"spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}""", "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead")]
    [InlineData("serviceaccounts", """{"metadata":{"annotations":{"kubernetes.io/enforce-mountable-secrets":"true"}}}""", "metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets")]
    [InlineData("nodes", """{"spec":{"externalID":"x"}}""", "spec.externalID: this field is deprecated, and is unused by Kubernetes")]
    [InlineData("persistentvolumes", """{"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Recycle","nfs":{"server":"s","path":"/"}}}""", "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.")]
    [InlineData("persistentvolumeclaims", """{"metadata":{"annotations":{"volume.beta.kubernetes.io/storage-class":"x"}},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""", "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use \"storageClassName\" attribute instead")]
    [InlineData("storageclasses.storage.k8s.io", """{"provisioner":"p","allowedTopologies":[{"matchLabelExpressions":[{"key":"beta.kubernetes.io/arch","values":["x"]}]}]}""", "allowedTopologies[0].matchLabelExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use \"kubernetes.io/arch\" instead")]
    [InlineData("runtimeclasses.node.k8s.io", """{"handler":"h","scheduling":{"nodeSelector":{"beta.kubernetes.io/arch":"x"}}}""", "scheduling.nodeSelector: deprecated since v1.14; use \"kubernetes.io/arch\" instead")]
    [InlineData("endpointslices.discovery.k8s.io", """{"addressType":"FQDN","endpoints":[{"addresses":["a.example"]}]}""", "spec.addressType: FQDN type is deprecated.")]
    [InlineData("secrets", """{"type":"kubernetes.io/tls","data":{"tls.crt":"","tls.key":""}}""", "tls: failed to find any PEM data in certificate input")]
    public void It_is_said_when_the_object_comes(string resource, string json, string warning) => Assert.Equal([warning], Written.Warnings(resource, Named(json)));

    private static string Named(string json)
    {
        var item = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        var metadata = item["metadata"]?.AsObject() ?? [];
        item["metadata"] = metadata;
        metadata["name"] = "one";
        return item.ToJsonString();
    }
}

using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Kubelet.Cluster;

/// <summary>Keys of the kinds that a kubelet reads.</summary>
internal static class Keys
{
    public static readonly GroupResource Pods = new("", "pods");
    public static readonly GroupResource ConfigMaps = new("", "configmaps");
    public static readonly GroupResource Secrets = new("", "secrets");
    public static readonly GroupResource Claims = new("", "persistentvolumeclaims");
    public static readonly GroupResource TrustBundles = new("certificates.k8s.io", "clustertrustbundles");
    public static readonly GroupResource Services = new("", "services");

    public static ObjectKey Pod(string ns, string name) => new("", "pods", ns, name);

    public static ObjectKey ConfigMap(string ns, string name) => new("", "configmaps", ns, name);

    public static ObjectKey Secret(string ns, string name) => new("", "secrets", ns, name);

    public static ObjectKey Claim(string ns, string name) => new("", "persistentvolumeclaims", ns, name);

    public static ObjectKey Volume(string name) => new("", "persistentvolumes", "", name);

    public static ObjectKey ServiceAccount(string ns, string name) => new("", "serviceaccounts", ns, name);

    public static ObjectKey TrustBundle(string name) => new("certificates.k8s.io", "clustertrustbundles", "", name);

    public static ObjectKey Node(string name) => new("", "nodes", "", name);

    public static ObjectKey RuntimeClass(string name) => new("node.k8s.io", "runtimeclasses", "", name);

    public static ObjectKey Lease(string name) => new("coordination.k8s.io", "leases", "kube-node-lease", name);
}

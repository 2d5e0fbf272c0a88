namespace GrainKube.ApiServer.Admission.Nodes;

/// <summary>Which labels a node may give itself. By others it could draw to itself what is not meant for it.</summary>
internal static class KubeletLabels
{
    private const string Restricted = "node-restriction.kubernetes.io";
    private static readonly HashSet<string> Known =
    [
        "kubernetes.io/hostname", "topology.kubernetes.io/zone", "topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region",
        "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type", "beta.kubernetes.io/os", "beta.kubernetes.io/arch", "kubernetes.io/os", "kubernetes.io/arch",
    ];

    private static readonly string[] KnownDomains = ["kubelet.kubernetes.io", "node.kubernetes.io"];

    /// <summary>Those that differ and may not, in order.</summary>
    public static string[] ForbiddenChanges(IReadOnlyDictionary<string, string> next, IReadOnlyDictionary<string, string> current) =>
    [
        .. next.Keys.Union(current.Keys)
            .Where(key => next.GetValueOrDefault(key) != current.GetValueOrDefault(key) && IsForbidden(key))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsForbidden(string label)
    {
        var slash = label.IndexOf('/');
        var domain = slash < 0 ? "" : label[..slash];
        return IsIn(domain, Restricted)
            || ((IsIn(domain, "kubernetes.io") || IsIn(domain, "k8s.io")) && !Known.Contains(label) && !KnownDomains.Any(known => IsIn(domain, known)));
    }

    private static bool IsIn(string domain, string parent) => domain == parent || domain.EndsWith("." + parent, StringComparison.Ordinal);
}

using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Aggregation;

/// <summary>In which order clients are shown the groups that this server serves itself, and the versions of each (upstream: <c>apiVersionPriorities</c>).</summary>
internal static class GroupPriorities
{
    /// <summary>Of the group that says what the others are: it stands before all of them, and nothing is registered for it.</summary>
    public const string Registration = "apiregistration.k8s.io";

    /// <summary>What upstream gives custom resources.</summary>
    public static readonly (int Group, int Version) Custom = (1000, 100);

    private static readonly Dictionary<(string Group, string Version), (int Group, int Version)> BuiltIn = new()
    {
        [("", "v1")] = (18000, 1),
        [(Registration, "v1")] = (20000, 15),
        [("apps", "v1")] = (17800, 15),
        [("events.k8s.io", "v1")] = (17750, 15),
        [("authentication.k8s.io", "v1")] = (17700, 15),
        [("authorization.k8s.io", "v1")] = (17600, 15),
        [("autoscaling", "v1")] = (17500, 15),
        [("autoscaling", "v2")] = (17500, 30),
        [("batch", "v1")] = (17400, 15),
        [("certificates.k8s.io", "v1")] = (17300, 15),
        [("certificates.k8s.io", "v1beta1")] = (17300, 9),
        [("certificates.k8s.io", "v1alpha1")] = (17300, 1),
        [("networking.k8s.io", "v1")] = (17200, 15),
        [("networking.k8s.io", "v1beta1")] = (17200, 9),
        [("policy", "v1")] = (17100, 15),
        [("rbac.authorization.k8s.io", "v1")] = (17000, 15),
        [("storage.k8s.io", "v1")] = (16800, 15),
        [("storage.k8s.io", "v1beta1")] = (16800, 9),
        [("storage.k8s.io", "v1alpha1")] = (16800, 1),
        [("apiextensions.k8s.io", "v1")] = (16700, 15),
        [("admissionregistration.k8s.io", "v1")] = (16700, 15),
        [("admissionregistration.k8s.io", "v1beta1")] = (16700, 12),
        [("admissionregistration.k8s.io", "v1alpha1")] = (16700, 9),
        [("scheduling.k8s.io", "v1")] = (16600, 15),
        [("coordination.k8s.io", "v1")] = (16500, 15),
        [("coordination.k8s.io", "v1beta1")] = (16500, 13),
        [("coordination.k8s.io", "v1alpha2")] = (16500, 12),
        [("node.k8s.io", "v1")] = (16300, 15),
        [("discovery.k8s.io", "v1")] = (16200, 15),
        [("resource.k8s.io", "v1")] = (16200, 20),
        [("resource.k8s.io", "v1beta2")] = (16200, 15),
        [("resource.k8s.io", "v1beta1")] = (16200, 9),
        [("resource.k8s.io", "v1alpha3")] = (16200, 1),
        [("flowcontrol.apiserver.k8s.io", "v1")] = (16100, 21),
        [("storagemigration.k8s.io", "v1")] = (15800, 15),
        [("storagemigration.k8s.io", "v1beta1")] = (15800, 9),
        [("metrics.k8s.io", "v1beta1")] = (100, 100),
    };

    public static (int Group, int Version) Of(string group, string version) => BuiltIn.GetValueOrDefault((group, version), Custom);

    /// <summary>The groups and versions that are registered at start: all of the kinds that the program brings, but not the registration's own.</summary>
    public static IEnumerable<(string Group, string Version)> Registered(IEnumerable<ResourceDefinition> definitions) => definitions
        .Where(definition => definition.Model is not null)
        .SelectMany(definition => definition.Versions.Where(version => version.IsServed).Select(version => (version.Group, version.Version)))
        .Where(served => served.Group != Registration)
        .Distinct();
}

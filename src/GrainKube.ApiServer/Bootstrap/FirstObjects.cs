using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Aggregation;
using GrainKube.Resources.Core.PersistentVolumes;

namespace GrainKube.ApiServer.Bootstrap;

/// <summary>What every cluster has from its first moment besides its policy; made where it is missing and never changed.</summary>
internal static class FirstObjects
{
    private const string AutoManaged = "kube-aggregator.kubernetes.io/automanaged";

    public static IEnumerable<JsonObject> Namespaces() =>
        from name in (string[])["default", "kube-system", "kube-public", "kube-node-lease"]
        select new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } },
        };

    public static IEnumerable<JsonObject> PriorityClasses() =>
    [
        PriorityClass("system-node-critical", 2000001000, "Used for system critical pods that must not be moved from their current node."),
        PriorityClass(
            "system-cluster-critical", 2000000000, "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary."),
    ];

    /// <summary>Claims that name no class get a directory on the node of their first pod.</summary>
    public static IEnumerable<JsonObject> StorageClasses() =>
    [
        new JsonObject
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = new JsonObject { ["name"] = "local-path", ["annotations"] = new JsonObject { [VolumeAnnotations.DefaultClass] = "true" } },
            ["provisioner"] = "grainkube.io/local-path",
            ["reclaimPolicy"] = "Delete",
            ["volumeBindingMode"] = "WaitForFirstConsumer",
        },
    ];

    /// <summary>The groups and versions that this server serves by itself.</summary>
    public static IEnumerable<JsonObject> ApiServices(IEnumerable<ResourceDefinition> definitions) =>
        from served in GroupPriorities.Registered(definitions)
        let priority = GroupPriorities.Of(served.Group, served.Version)
        select new JsonObject
        {
            ["apiVersion"] = $"{GroupPriorities.Registration}/v1",
            ["kind"] = "APIService",
            ["metadata"] = new JsonObject { ["name"] = $"{served.Version}.{served.Group}", ["labels"] = new JsonObject { [AutoManaged] = "onstart" } },
            ["spec"] = new JsonObject { ["group"] = served.Group, ["version"] = served.Version, ["groupPriorityMinimum"] = priority.Group, ["versionPriority"] = priority.Version },
        };

    private static JsonObject PriorityClass(string name, int value, string description) => new()
    {
        ["apiVersion"] = "scheduling.k8s.io/v1",
        ["kind"] = "PriorityClass",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["value"] = value,
        ["description"] = description,
        ["preemptionPolicy"] = "PreemptLowerPriority",
    };
}

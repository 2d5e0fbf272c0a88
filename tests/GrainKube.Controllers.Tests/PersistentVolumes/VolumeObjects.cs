using System.Text.Json.Nodes;
using GrainKube.Testing.Clusters;

namespace GrainKube.Controllers.Tests.PersistentVolumes;

/// <summary>Claims and volumes as tests write them.</summary>
internal static class VolumeObjects
{
    /// <param name="name">Name.</param>
    /// <param name="size">Asked size.</param>
    /// <param name="storageClass">JSON: a text, or null for none said.</param>
    /// <param name="spec">More members of the spec, ending in a comma.</param>
    public static JsonObject Claim(string name, string size = "1Gi", string storageClass = "\"\"", string spec = "") => Sample.Parse($$"""
        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{name}}"},
         "spec":{ {{spec}}{{(storageClass == "null" ? "" : $"\"storageClassName\":{storageClass},")}}"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{size}}"} } } }
        """);

    public static JsonObject Volume(string name, string size = "1Gi", string storageClass = "", string spec = "", string reclaim = "Retain") => Sample.Parse($$"""
        {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"{{name}}"},
         "spec":{ {{spec}}"storageClassName":"{{storageClass}}","accessModes":["ReadWriteOnce"],"capacity":{"storage":"{{size}}"},
         "persistentVolumeReclaimPolicy":"{{reclaim}}","hostPath":{"path":"/tmp/{{name}}"} } }
        """);

    public static JsonObject PodWith(string name, string claim) =>
        Sample.Pod(name, spec: $$"""
            "terminationGracePeriodSeconds":0,"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"{{claim}}"} }]
            """);
}

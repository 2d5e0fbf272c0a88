using System.Text.Json.Serialization;
using k8s.Models;

namespace GrainKube.Scheduler.Pods;

/// <summary>What of a pod's spec decides where it can run. The rest is passed over, not decoded: every pod of the cluster is read here once.</summary>
internal sealed class PlacementSpec
{
    [JsonPropertyName("nodeName")] public string? NodeName { get; set; }
    [JsonPropertyName("schedulerName")] public string? SchedulerName { get; set; }
    [JsonPropertyName("priority")] public int? Priority { get; set; }
    [JsonPropertyName("preemptionPolicy")] public string? PreemptionPolicy { get; set; }
    [JsonPropertyName("schedulingGates")] public IList<V1PodSchedulingGate>? SchedulingGates { get; set; }
    [JsonPropertyName("nodeSelector")] public IDictionary<string, string>? NodeSelector { get; set; }
    [JsonPropertyName("affinity")] public V1Affinity? Affinity { get; set; }
    [JsonPropertyName("topologySpreadConstraints")] public IList<V1TopologySpreadConstraint>? TopologySpreadConstraints { get; set; }
    [JsonPropertyName("tolerations")] public IList<V1Toleration>? Tolerations { get; set; }
    [JsonPropertyName("containers")] public IList<PlacementContainer> Containers { get; set; } = [];
    [JsonPropertyName("initContainers")] public IList<PlacementContainer>? InitContainers { get; set; }
    [JsonPropertyName("resources")] public V1ResourceRequirements? Resources { get; set; }
    [JsonPropertyName("overhead")] public IDictionary<string, ResourceQuantity>? Overhead { get; set; }
    [JsonPropertyName("volumes")] public IList<PlacementVolume>? Volumes { get; set; }

    /// <summary>Some container says at which port of the node it wants to be reached.</summary>
    [JsonIgnore]
    public bool HasPorts => HasPort(Containers) || HasPort(InitContainers);

    private static bool HasPort(IList<PlacementContainer>? containers)
    {
        for (var c = 0; c < containers?.Count; c++)
        {
            for (var p = 0; p < containers[c].Ports?.Count; p++)
            {
                if (containers[c].Ports![p].HostPort > 0)
                {
                    return true;
                }
            }
        }

        return false;
    }
}

/// <summary>A container in a <see cref="PlacementSpec"/>.</summary>
internal sealed class PlacementContainer
{
    [JsonPropertyName("name")] public string Name { get; set; } = "";
    [JsonPropertyName("image")] public string? Image { get; set; }
    [JsonPropertyName("restartPolicy")] public string? RestartPolicy { get; set; }
    [JsonPropertyName("ports")] public IList<V1ContainerPort>? Ports { get; set; }
    [JsonPropertyName("resources")] public V1ResourceRequirements? Resources { get; set; }
}

/// <summary>A volume in a <see cref="PlacementSpec"/>: whether a claim is made for it.</summary>
internal sealed class PlacementVolume
{
    [JsonPropertyName("name")] public string Name { get; set; } = "";
    [JsonPropertyName("ephemeral")] public V1EphemeralVolumeSource? Ephemeral { get; set; }
}

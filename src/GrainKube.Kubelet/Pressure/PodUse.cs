using GrainKube.ApiMachinery.Objects;
using GrainKube.Kubelet.Resources;
using k8s.Models;

namespace GrainKube.Kubelet.Pressure;

/// <summary>Bytes and files on a disk.</summary>
internal readonly record struct DiskUse(long Bytes, long Inodes)
{
    public static DiskUse operator +(DiskUse left, DiskUse right) => new(left.Bytes + right.Bytes, left.Inodes + right.Inodes);
}

/// <summary>What a container uses. The disk is what it wrote outside of volumes, and its log.</summary>
internal sealed record ContainerUse(string Name, long Memory = 0, long Processes = 0, DiskUse Written = default, DiskUse Log = default);

/// <summary>What a running pod uses, against what it asked for.</summary>
/// <param name="Object">The pod.</param>
/// <param name="Containers">Its running containers.</param>
/// <param name="Volumes">Its volumes on the node's disk.</param>
internal sealed record PodUse(KubeObject Object, IReadOnlyList<ContainerUse> Containers, DiskUse Volumes = default)
{
    private readonly IReadOnlyDictionary<string, long> requests = PodRequests.Of(Object.As<V1Pod>().Spec);

    public V1PodSpec Spec => Object.As<V1Pod>().Spec;

    public int Priority => Spec.Priority ?? 0;

    public long Memory => Containers.Sum(c => c.Memory);

    public long Processes => Containers.Sum(c => c.Processes);

    public long Requested(string resource) => requests.GetValueOrDefault(resource);

    /// <summary>What it has on a disk.</summary>
    /// <param name="layers">What its containers wrote outside of volumes counts.</param>
    /// <param name="files">Logs and volumes count.</param>
    public DiskUse Disk(bool layers, bool files) => Containers
        .Select(c => (layers ? c.Written : default) + (files ? c.Log : default))
        .Aggregate(files ? Volumes : default, (sum, use) => sum + use);
}

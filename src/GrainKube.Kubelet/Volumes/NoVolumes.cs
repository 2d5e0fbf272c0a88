using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The files of simulated pods: none.</summary>
internal sealed class NoVolumes : IPodVolumes
{
    public Task MountAsync(PodContext pod, CancellationToken cancel) => Task.CompletedTask;

    public Task PrepareAsync(PodContext pod, V1Container container, CancellationToken cancel) => Task.CompletedTask;

    public IReadOnlyList<ContainerMount> MountsOf(PodContext pod, V1Container container, int attempt, IReadOnlyDictionary<string, string> environment) => [];

    public string? ReadFile(PodContext pod, string volume, string path) => null;

    public IReadOnlyDictionary<string, DiskUse> EmptyDirUse(string podUid, V1PodSpec spec) => new Dictionary<string, DiskUse>();

    public Task<string> ReadTerminationMessageAsync(ContainerState container, CancellationToken cancel) => Task.FromResult("");

    public IReadOnlySet<string> ImagesInUse() => new HashSet<string>();

    public Task RemoveAsync(string podUid, CancellationToken cancel) => Task.CompletedTask;

    public IReadOnlyList<string> PodsWithFiles() => [];
}

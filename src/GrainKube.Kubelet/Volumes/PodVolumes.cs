using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Pods;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Volumes;

/// <summary>The files of pods on this node's disk, below <c>pods/UID</c>.</summary>
internal sealed class PodVolumes(NodeOptions options, ITokenSource tokens) : IPodVolumes
{
    private readonly PodDirectories directories = new(options.RootDirectory);

    public Task MountAsync(PodContext pod, CancellationToken cancel) => throw new NotSupportedException($"{tokens}{directories}");

    public IReadOnlyList<ContainerMount> MountsOf(PodContext pod, V1Container container, int attempt, IReadOnlyDictionary<string, string> environment) => [];

    public Task<string> ReadTerminationMessageAsync(ContainerState container, CancellationToken cancel) => Task.FromResult("");

    public Task RemoveAsync(string podUid, CancellationToken cancel) => Task.CompletedTask;

    public IReadOnlyList<string> PodsWithFiles() => [];
}

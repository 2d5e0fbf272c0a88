using System.Globalization;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>The limits of a pod as a whole on their way to what is asked for.</summary>
internal sealed class PodResizing
{
    private readonly PodContext pod;
    private readonly SandboxState sandbox;
    private readonly ContainerResources present;
    private readonly ContainerResources wanted;

    private PodResizing(PodContext pod, SandboxState sandbox, ContainerResources present, ContainerResources wanted) =>
        (this.pod, this.sandbox, this.present, this.wanted) = (pod, sandbox, present, wanted);

    /// <returns>Null where there is nothing to change, or no limits of the pod that could be.</returns>
    public static PodResizing? Of(PodContext pod) =>
        pod.Runtime.Sandbox is { Running: true, Resources: { } present } sandbox && ContainerLimits.OfPod(pod.Spec) is { } wanted && wanted != present
            ? new PodResizing(pod, sandbox, present, wanted) : null;

    /// <summary>A limit below what the pod holds would have the kernel kill in it; it is not even tried.</summary>
    /// <returns>Why not; empty where it may be tried.</returns>
    public async Task<string> OverfullAsync(CancellationToken cancel)
    {
        if (wanted.MemoryBytes == 0 || (present.MemoryBytes > 0 && wanted.MemoryBytes >= present.MemoryBytes))
        {
            return "";
        }

        var used = 0UL;
        foreach (var container in pod.Runtime.Containers.Where(c => c.Phase == ContainerPhase.Running))
        {
            used += (await pod.Node.Runtime.Containers.GetUsageAsync(container.Id, cancel))?.MemoryBytes ?? 0;
        }

        return used < (ulong)wanted.MemoryBytes ? ""
            : string.Create(CultureInfo.InvariantCulture, $"attempting to set pod memory limit ({wanted.MemoryBytes}) below current usage ({used})");
    }

    public Task GrowAsync(CancellationToken cancel)
    {
        var grown = wanted with
        {
            MemoryBytes = Larger(present.MemoryBytes, wanted.MemoryBytes),
            CpuQuota = Larger(present.CpuQuota, wanted.CpuQuota),
            CpuPeriod = Larger(present.CpuPeriod, wanted.CpuPeriod),
        };
        return grown == present ? Task.CompletedTask : pod.Node.Runtime.Sandboxes.UpdateAsync(sandbox.Id, grown, cancel);
    }

    public Task SettleAsync(CancellationToken cancel) => pod.Node.Runtime.Sandboxes.UpdateAsync(sandbox.Id, wanted, cancel);

    // Zero is no limit.
    private static long Larger(long one, long other) => one == 0 || other == 0 ? 0 : Math.Max(one, other);
}

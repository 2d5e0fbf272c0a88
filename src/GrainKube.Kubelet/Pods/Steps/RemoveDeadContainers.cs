using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.Runtime;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Keeps one ended instance of each container, for its last state and previous log, and sandboxes that are of no use no longer.</summary>
internal sealed class RemoveDeadContainers : IPodStep
{
    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        var removed = false;
        foreach (var instances in pod.Runtime.Containers.GroupBy(c => c.Name))
        {
            foreach (var old in instances.Skip(1).Where(c => c.Phase != ContainerPhase.Running && (c.HasEnded() || c.Phase == ContainerPhase.Created)).Skip(1))
            {
                await pod.Node.Runtime.Containers.RemoveAsync(old.Id, cancel);
                pod.Memory.TerminationMessages.Remove(old.Id);
                pod.Memory.Killing.Remove(old.Id);
                pod.Memory.BackOffs.Remove(old.Id);
                pod.Memory.Replaced.Remove(old.Id);
                removed = true;
            }
        }

        foreach (var sandbox in Useless(pod.Runtime))
        {
            await pod.Node.Runtime.Sandboxes.RemoveAsync(sandbox.Id, cancel);
            removed = true;
        }

        if (removed)
        {
            await pod.RefreshAsync(cancel);
        }

        return true;
    }

    /// <summary>Sandboxes without a container of which another is there: older ones, and a newer one that never ran because the kubelet was interrupted.</summary>
    private static IEnumerable<SandboxState> Useless(PodRuntimeState runtime)
    {
        var used = runtime.Containers.Select(c => c.SandboxId).ToHashSet(StringComparer.Ordinal);
        var kept = runtime.Sandbox ?? runtime.Sandboxes.FirstOrDefault(s => used.Contains(s.Id)) ?? runtime.Sandboxes.FirstOrDefault();
        return runtime.Sandboxes.Where(s => s != kept && !used.Contains(s.Id));
    }
}

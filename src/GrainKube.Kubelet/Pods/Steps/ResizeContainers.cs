using System.Globalization;
using GrainKube.Kubelet.Agent;
using GrainKube.Kubelet.Plans;
using GrainKube.Kubelet.PodStatus;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.Runtime;
using k8s.Models;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Brings running containers, and the pod as a whole, to the resources that <c>pods/resize</c> asked for, without a restart unless a container's <c>resizePolicy</c> wants one.</summary>
internal sealed class ResizeContainers : IPodStep
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    public async Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (pod.IsEnding || pod.Runtime.Sandbox is null)
        {
            return true;
        }

        var changes = Changes(pod).ToList();
        var whole = PodResizing.Of(pod);
        var asked = pod.Memory.Granted is { } granted && GrantedResources.Differ(granted, pod.Spec);
        if (changes.Count == 0 && whole is null && !asked)
        {
            pod.Memory.Resize = null;
            TellCompletion(pod, changes);
            return true;
        }

        if (whole is null && pod.Runtime.Sandbox is { Running: true, Resources: null } && ContainerLimits.OfPod(pod.Spec) is not null)
        {
            Refuse(pod, "Infeasible", "A pod that was started without resources of its own cannot be given any");
            return true;
        }

        var who = new WaitingResize(pod.Spec.Priority ?? 0, QosClass.RankOf(pod.Spec), pod.Now, pod.Wake);
        if (pod.Node.Ledger.Resize(pod.Uid, PodRequests.Of(pod.Spec), who, out var never) is { } shortage)
        {
            var reason = never ? "Infeasible" : "Deferred";
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"Node didn't have enough {(never ? "capacity" : "resource")}: {shortage.Resource}, requested: {shortage.Requested}, {(never ? "" : $"used: {shortage.Used}, ")}capacity: {shortage.Capacity}");
            Refuse(pod, reason, message);
            return true;
        }

        pod.Memory.Granted = pod.Spec;
        if (asked)
        {
            Tell(pod, "Normal", "ResizeStarted", "started");
            pod.Memory.Resizing = true;
        }

        if (await OverfullAsync(pod, changes, cancel) is { Length: > 0 } overfull || (whole is not null && (overfull = await whole.OverfullAsync(cancel)).Length > 0))
        {
            Fail(pod, overfull);
            return true;
        }

        pod.Memory.Resize = null;
        if (changes.Any(c => c.Restart))
        {
            pod.Memory.Replaced.UnionWith(changes.Where(c => c.Restart).Select(c => c.Running.Id));
            await PodStatusWriter.WriteAsync(pod, ended: false, cancel); // it may take the whole grace period
        }

        try
        {
            // A container must never be allowed more than the pod: what grows grows there first, what shrinks last.
            await (whole?.GrowAsync(cancel) ?? Task.CompletedTask);
            foreach (var change in changes)
            {
                await ApplyAsync(pod, change, cancel);
            }

            await (whole?.SettleAsync(cancel) ?? Task.CompletedTask);
        }
        catch (RuntimeException failed) when (failed.Error != RuntimeError.Unavailable)
        {
            Fail(pod, failed.Message);
        }

        await pod.RefreshAsync(cancel);
        TellCompletion(pod, Changes(pod));
        return true;
    }

    private static void Refuse(PodContext pod, string reason, string message)
    {
        pod.Memory.Resize = new ResizeTrouble(ResizeTrouble.Pending, reason, message);
        Tell(pod, "Warning", $"Resize{reason}", reason, message);
    }

    private static void Fail(PodContext pod, string why)
    {
        pod.Memory.Resize = new ResizeTrouble(ResizeTrouble.InProgress, "Error", why);
        Tell(pod, "Warning", "ResizeError", "error", why);
        pod.WakeBy(pod.Now + Retry);
    }

    /// <summary>Tells that what was asked for is in force, once containers that had to be replaced are back, too.</summary>
    private static void TellCompletion(PodContext pod, IEnumerable<Change> left)
    {
        if (pod.Memory.Resizing && pod.Memory.Resize is null && !left.Any() && PodResizing.Of(pod) is null
            && Resizable(pod).All(c => pod.Runtime.Current(c.Name) is not { } current || !pod.Memory.Replaced.Contains(current.Id)))
        {
            pod.Memory.Resizing = false;
            Tell(pod, "Normal", "ResizeCompleted", "completed");
        }
    }

    /// <summary>Once for each state that a generation of the pod comes to.</summary>
    private static void Tell(PodContext pod, string type, string reason, string state, string error = "")
    {
        var generation = pod.Object.Header.Generation;
        if (pod.Memory.ResizeTold != (generation, reason))
        {
            pod.Memory.ResizeTold = (generation, reason);
            pod.Event(type, reason, $"Pod resize {state}: {ResizeMessage.Of(pod.Spec, generation, error)}");
        }
    }

    private static IEnumerable<V1Container> Resizable(PodContext pod) =>
        pod.Spec.Containers.Concat((pod.Spec.InitContainers ?? []).Where(c => c.IsSidecar()));

    /// <summary>A limit below what a container holds would have the kernel kill it; it is not even tried.</summary>
    private static async Task<string> OverfullAsync(PodContext pod, IEnumerable<Change> changes, CancellationToken cancel)
    {
        var found = new List<string>();
        foreach (var change in changes.Where(c => !c.Restart && c.Wanted.MemoryBytes > 0))
        {
            var present = change.Running.Resources!.MemoryBytes;
            if ((present == 0 || change.Wanted.MemoryBytes < present)
                && await pod.Node.Runtime.Containers.GetUsageAsync(change.Running.Id, cancel) is { } usage && usage.MemoryBytes >= (ulong)change.Wanted.MemoryBytes)
            {
                found.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"attempting to set container \"{change.Container.Name}\" memory limit ({change.Wanted.MemoryBytes}) below current usage ({usage.MemoryBytes})"));
            }
        }

        return found.Count > 1 ? $"[{string.Join(", ", found)}]" : string.Concat(found);
    }

    private static IEnumerable<Change> Changes(PodContext pod)
    {
        foreach (var container in Resizable(pod))
        {
            if (pod.Runtime.Current(container.Name) is not { Phase: ContainerPhase.Running, Resources: { } present } running)
            {
                continue;
            }

            var wanted = ContainerLimits.Of(pod.Spec, container, pod.Node.Ledger.Allocatable.GetValueOrDefault("memory"));
            var cpu = wanted.CpuShares != present.CpuShares || wanted.CpuQuota != present.CpuQuota;
            var memory = wanted.MemoryBytes != present.MemoryBytes;
            if (cpu || memory)
            {
                yield return new Change(container, running, wanted, (cpu && Restarts(container, "cpu")) || (memory && Restarts(container, "memory")));
            }
        }
    }

    private static bool Restarts(V1Container container, string resource) =>
        (container.ResizePolicy ?? []).Any(policy => policy.ResourceName == resource && policy.RestartPolicy == "RestartContainer");

    private static async Task ApplyAsync(PodContext pod, Change change, CancellationToken cancel)
    {
        if (change.Restart)
        {
            await ContainerKiller.KillAsync(pod, change.Running, $"Container {change.Container.Name} resize requires restart", ContainerKiller.GraceOf(pod), cancel);
            return;
        }

        try
        {
            await pod.Node.Runtime.Containers.UpdateAsync(change.Running.Id, change.Wanted, cancel);
        }
        catch (RuntimeException failed) when (failed.Error != RuntimeError.Unavailable)
        {
            Fail(pod, failed.Message);
        }
    }

    private sealed record Change(V1Container Container, ContainerState Running, ContainerResources Wanted, bool Restart);
}

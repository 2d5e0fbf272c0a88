using System.Globalization;
using GrainKube.Kubelet.Cluster;
using GrainKube.Kubelet.Pressure;
using GrainKube.Kubelet.Resources;
using GrainKube.Kubelet.PodStatus;
using HostPort = GrainKube.Resources.Core.Pods.HostPort;

namespace GrainKube.Kubelet.Pods.Steps;

/// <summary>Refuses a pod that does not fit this node. A pod that was taken once stays taken.</summary>
internal sealed class AdmitPod : IPodStep
{
    public Task<bool> RunAsync(PodContext pod, CancellationToken cancel)
    {
        if (pod.Memory.Admitted || pod.IsEnding)
        {
            return Task.FromResult(true);
        }

        var taken = pod.Pod.Status?.StartTime is not null || !pod.Runtime.IsEmpty;
        if (!taken && Selector(pod) is { } mismatch)
        {
            Reject(pod, "NodeAffinity", mismatch);
            return Task.FromResult(true);
        }

        if (!taken && SysctlRules.Refusal(pod.Spec) is { } forbidden)
        {
            Reject(pod, "SysctlForbidden", forbidden);
            return Task.FromResult(true);
        }

        if (!taken && PressureAdmission.Refusal(pod.Pod, pod.Node.Pressures) is { } pressed)
        {
            Reject(pod, EvictionMessage.Reason, pressed);
            return Task.FromResult(true);
        }

        var granted = taken ? GrantedResources.Of(pod.Pod) : pod.Spec;
        if (pod.Node.Ledger.Admit(pod.Uid, PodRequests.Of(granted), taken) is { } shortage)
        {
            Reject(pod, $"OutOf{shortage.Resource}", string.Create(
                CultureInfo.InvariantCulture,
                $"Node didn't have enough resource: {shortage.Resource}, requested: {shortage.Requested}, used: {shortage.Used}, capacity: {shortage.Capacity}"));
            return Task.FromResult(true);
        }

        if (!pod.Node.HostPorts.TryGive(pod.Uid, [.. HostPort.Of(pod.Spec)], taken))
        {
            pod.Node.Ledger.Release(pod.Uid);
            Reject(pod, "NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
            return Task.FromResult(true);
        }

        pod.Memory.Admitted = true;
        pod.Memory.Granted = granted;
        return Task.FromResult(true);
    }

    private static void Reject(PodContext pod, string reason, string message)
    {
        pod.Event("Warning", reason, message);
        pod.Memory.End = new PodEnd(reason, $"Pod was rejected: {message}", Rejected: true);
        pod.Replan();
    }

    private static string? Selector(PodContext pod)
    {
        if (pod.Spec.NodeSelector is not { Count: > 0 } wanted)
        {
            return null;
        }

        var labels = pod.Node.View.Get(Keys.Node(pod.Node.Options.Name))?.Header.Labels;
        return labels is null || wanted.All(w => labels.TryGetValue(w.Key, out var value) && value == w.Value)
            ? null
            : "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    }
}

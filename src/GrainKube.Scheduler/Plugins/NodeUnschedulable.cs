using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A cordoned node takes only pods that tolerate the unschedulable taint.</summary>
internal sealed class NodeUnschedulable : IFilterPlugin
{
    public string Name => "NodeUnschedulable";

    public bool IsFinal(PodRequest pod, NodeState node) => true;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        if (!node.Unschedulable || Tolerations.Tolerate(pod.Tolerations, "node.kubernetes.io/unschedulable", "", "NoSchedule"))
        {
            return true;
        }

        reasons?.Add("node(s) were unschedulable");
        return false;
    }
}

using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A pod that names its node goes there or nowhere.</summary>
internal sealed class NodeName : IFilterPlugin
{
    public string Name => "NodeName";

    public bool IsFinal(PodRequest pod, NodeState node) => true;

    public bool Skips(PodRequest pod) => pod.NodeName.Length == 0;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        if (pod.NodeName.Length == 0 || pod.NodeName == node.Name)
        {
            return true;
        }

        reasons?.Add("node(s) didn't match the requested node name");
        return false;
    }
}

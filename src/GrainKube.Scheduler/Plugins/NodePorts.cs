using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A host port can be had once on each node.</summary>
internal sealed class NodePorts : IFilterPlugin
{
    public string Name => "NodePorts";

    public bool IsFinal(PodRequest pod, NodeState node) => false;

    public bool Skips(PodRequest pod) => pod.HostPorts.Count == 0;

    public bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons)
    {
        foreach (var wanted in pod.HostPorts)
        {
            foreach (var taken in node.Ports)
            {
                if (wanted.ClashesWith(taken))
                {
                    reasons?.Add("node(s) didn't have free ports for the requested pod ports");
                    return false;
                }
            }
        }

        return true;
    }
}

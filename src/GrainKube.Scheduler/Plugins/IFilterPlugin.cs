using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>Says whether a node can take a pod.</summary>
internal interface IFilterPlugin
{
    /// <summary>Upstream's plugin name.</summary>
    string Name { get; }

    /// <summary>Where this plugin refused the node: removing other pods from it cannot help (so preemption is not tried).</summary>
    bool IsFinal(PodRequest pod, NodeState node);

    /// <summary>True where this pod asks nothing of the plugin; it is then skipped for all nodes.</summary>
    bool Skips(PodRequest pod) => false;

    /// <summary>Adds the reasons why the node cannot take the pod, in upstream's words; none means it can.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="node">The node as it stands.</param>
    /// <param name="reasons">Where reasons go; null asks only for the answer.</param>
    /// <returns>True where the node can take it.</returns>
    bool Fits(PodRequest pod, NodeState node, ICollection<string>? reasons);
}

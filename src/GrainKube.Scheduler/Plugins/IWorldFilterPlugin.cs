using GrainKube.Scheduler.Cluster;
using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>A filter whose answer for a node rests on more than that node: on other nodes' pods, or on volumes.</summary>
internal interface IWorldFilterPlugin : IFilterPlugin
{
    /// <summary>Looks around once before nodes are asked about. What it finds out is good until it is asked again.</summary>
    /// <returns>Why no node can take the pod, in upstream's words; null where one may.</returns>
    string? Prepare(PodRequest pod);

    /// <summary>While the answer for <paramref name="pod"/> is looked for, another one is put on a node in thought (1), or taken from it (-1): what was prepared follows.</summary>
    void Moved(PodRequest pod, PodRequest other, NodeState node, int sign);

    /// <summary>A pod that this filter refused may pass it now.</summary>
    bool MayAdmit(PodRequest waiting, ClusterChange change);
}

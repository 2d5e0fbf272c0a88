using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Cluster;

/// <summary>What happened that may let a waiting pod in.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">The node where it happened, if it did on one.</param>
/// <param name="Pod">The pod that came or went.</param>
internal readonly record struct ClusterChange(ChangeKind Kind, NodeState? Node = null, PodRequest? Pod = null);

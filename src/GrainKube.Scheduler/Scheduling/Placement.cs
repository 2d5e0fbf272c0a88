using GrainKube.Scheduler.Nodes;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>What was decided for a pod: a node, or why there is none.</summary>
/// <param name="Node">Null where no node fits.</param>
/// <param name="Refusal">Null where a node was found.</param>
internal readonly record struct Placement(NodeState? Node, Refusal? Refusal);

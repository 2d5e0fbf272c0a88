using GrainKube.Scheduler.Nodes;

namespace GrainKube.Scheduler.Scheduling;

/// <summary>Why no node takes a pod.</summary>
/// <param name="Message">In upstream's words, without a word on preemption.</param>
/// <param name="Nodes">How many nodes there are.</param>
/// <param name="Hopeful">Those that might take it if pods went.</param>
/// <param name="By">Which filters refused it somewhere (see <see cref="Placer.MayFit"/>).</param>
/// <param name="Fitting">The filters as they stand for the pod; null where the pod was refused before nodes were looked at.</param>
internal sealed record Refusal(string Message, int Nodes, IReadOnlyList<NodeState> Hopeful, ulong By, Fitting? Fitting)
{
    /// <summary>Removing pods from that node does not help.</summary>
    public bool IsFinalOn(NodeState node) => !Hopeful.Contains(node);
}

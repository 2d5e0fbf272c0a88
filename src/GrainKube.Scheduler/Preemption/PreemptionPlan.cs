using GrainKube.Scheduler.Scheduling;

namespace GrainKube.Scheduler.Preemption;

/// <summary>What comes of a pod that fits nowhere.</summary>
/// <param name="Chosen">Where room is to be made; null where it is not.</param>
/// <param name="Message">Why not, in upstream's words; empty where room is made.</param>
/// <param name="KeepsNomination">A nomination that the pod has stays as it is.</param>
internal sealed record PreemptionPlan(Candidate? Chosen, string Message, bool KeepsNomination)
{
    /// <summary>What the pod is told.</summary>
    public string Told(Refusal refusal) => Message.Length == 0 ? refusal.Message : $"{refusal.Message} preemption: {Message}";
}

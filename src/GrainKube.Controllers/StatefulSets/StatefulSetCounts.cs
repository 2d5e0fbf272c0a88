namespace GrainKube.Controllers.StatefulSets;

/// <summary>The numbers of a stateful set's status.</summary>
/// <param name="Replicas">Pods there are, in every phase.</param>
/// <param name="Ready">Running and ready ones.</param>
/// <param name="Available">Those that have been ready long enough.</param>
/// <param name="Current">Pods of the current revision that stay.</param>
/// <param name="Updated">Pods of the update revision that stay.</param>
internal readonly record struct StatefulSetCounts(int Replicas, int Ready, int Available, int Current, int Updated)
{
    public static StatefulSetCounts Of(IReadOnlyList<StatefulPod> pods, string current, string update) => new(
        pods.Count,
        pods.Count(p => p.IsRunningAndReady),
        pods.Count(p => p.IsAvailable),
        pods.Count(p => !p.IsTerminating && p.Revision == current),
        pods.Count(p => !p.IsTerminating && p.Revision == update));

    /// <summary>Every wanted pod is there, ready, of the update revision, and no other: the update revision is the current one from now on.</summary>
    public bool IsComplete(StatefulSetRules rules) => rules.IsRolling && Replicas == rules.Replicas && Ready == rules.Replicas && Updated == rules.Replicas;
}

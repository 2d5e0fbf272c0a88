using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Preemption;

/// <summary>Orders pods: higher priority first, then whoever runs longer.</summary>
internal sealed class Importance : IComparer<PodRequest>
{
    public static Importance First { get; } = new();

    /// <summary>A pod that has not been taken up counts as starting last.</summary>
    public static DateTimeOffset StartOf(PodRequest pod) => pod.Marks.Started ?? DateTimeOffset.MaxValue;

    public int Compare(PodRequest? one, PodRequest? other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Priority != other.Priority ? other.Priority.CompareTo(one.Priority) : StartOf(one).CompareTo(StartOf(other));
    }
}

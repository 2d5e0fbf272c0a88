using GrainKube.Scheduler.Nodes;
using GrainKube.Scheduler.Pods;

namespace GrainKube.Scheduler.Plugins;

/// <summary>Says how well nodes suit a pod.</summary>
internal interface IScorePlugin
{
    /// <summary>Upstream's plugin name.</summary>
    string Name { get; }

    /// <summary>Upstream's weight in the default profile.</summary>
    int Weight { get; }

    /// <summary>True where this pod gets the same score everywhere.</summary>
    bool Skips(PodRequest pod) => false;

    /// <summary>Writes a score from 0 to 100 for each node.</summary>
    void Score(PodRequest pod, ReadOnlySpan<NodeState> nodes, Span<long> scores);
}

using System.Collections.Concurrent;

namespace GrainKube.Kubelet.Simulation;

/// <summary>The simulated engines of this process, one a node. They outlive their kubelets, as a real engine does.</summary>
internal sealed class SimulatedRuntimes(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, SimulatedRuntime> runtimes = new(StringComparer.Ordinal);

    public SimulatedRuntime Of(string node) => runtimes.GetOrAdd(node, static (_, clock) => new SimulatedRuntime(clock), time);
}

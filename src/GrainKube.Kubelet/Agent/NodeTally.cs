using System.Collections.Concurrent;
using GrainKube.Kubelet.Probes;

namespace GrainKube.Kubelet.Agent;

/// <summary>What a node's kubelet has done since it began, for whoever scrapes its metrics.</summary>
internal sealed class NodeTally
{
    private readonly ConcurrentDictionary<string, long> containers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ProbedContainer, long> probes = new();
    private long pods;

    public long PodsStarted => Interlocked.Read(ref pods);

    /// <summary>By upstream's type: <c>container</c>, <c>init_container</c>, <c>ephemeral_container</c>, <c>pod_sandbox</c>.</summary>
    public IEnumerable<KeyValuePair<string, long>> ContainersStarted => containers.OrderBy(c => c.Key, StringComparer.Ordinal);

    /// <summary>Answers of the probes of pods that are still here.</summary>
    public IEnumerable<KeyValuePair<ProbedContainer, long>> Probes =>
        probes.OrderBy(p => p.Key.PodUid, StringComparer.Ordinal).ThenBy(p => p.Key.Container, StringComparer.Ordinal).ThenBy(p => p.Key.Kind).ThenBy(p => p.Key.Successful);

    public void SandboxStarted(int attempt)
    {
        ContainerStarted("pod_sandbox");
        if (attempt == 0)
        {
            Interlocked.Increment(ref pods);
        }
    }

    public void ContainerStarted(string type) => containers.AddOrUpdate(type, 1, static (_, count) => count + 1);

    public void Probed(ProbedContainer probe) => probes.AddOrUpdate(probe, 1, static (_, count) => count + 1);

    public void Forget(string podUid)
    {
        foreach (var probe in probes.Keys.Where(p => p.PodUid == podUid))
        {
            probes.TryRemove(probe, out _);
        }
    }
}

/// <summary>One answer of one probe of a container.</summary>
internal readonly record struct ProbedContainer(string Namespace, string Pod, string PodUid, string Container, ProbeKind Kind, bool Successful);

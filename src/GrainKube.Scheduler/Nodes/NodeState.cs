using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Pods;
using k8s.Models;

namespace GrainKube.Scheduler.Nodes;

/// <summary>A node with what is placed on it, assumed pods included. Belongs to one <see cref="NodeTable"/> and is changed only by it.</summary>
internal sealed class NodeState(string name)
{
    private long[] used = new long[4];
    private long[] assumedUsed = new long[4];
    private readonly List<HostPort> ports = [];

    public string Name { get; } = name;
    public IReadOnlyDictionary<string, string> Labels { get; private set; } = new Dictionary<string, string>();
    public IReadOnlyList<V1Taint> Taints { get; private set; } = [];
    public bool Unschedulable { get; private set; }

    /// <summary>What pods may use in all.</summary>
    public ResourceVector Allocatable { get; private set; }

    /// <summary>What placed pods ask for.</summary>
    public ReadOnlySpan<long> Used => used;

    /// <summary>The same with the amounts that scores assume.</summary>
    public ReadOnlySpan<long> AssumedUsed => assumedUsed;
    public IReadOnlyList<HostPort> Ports => ports;

    /// <summary>False once the node was deleted; its pods may still be counted on it.</summary>
    public bool Exists { get; private set; }

    /// <returns>True where something changed that may let a waiting pod in.</returns>
    public bool Set(KubeObject item, ResourceNames names)
    {
        var node = item.As<V1Node>();
        var allocatable = names.Read(node.Status?.Allocatable);
        var taints = node.Spec?.Taints?.AsReadOnly() ?? (IReadOnlyList<V1Taint>)[];
        var unschedulable = node.Spec?.Unschedulable == true;
        var changed = !Exists || unschedulable != Unschedulable || !allocatable.Amounts.SequenceEqual(Allocatable.Amounts)
            || !SameTaints(taints, Taints) || !SameLabels(item.Header.Labels, Labels);
        (Labels, Taints, Unschedulable, Allocatable, Exists) = (item.Header.Labels, taints, unschedulable, allocatable, true);
        return changed;
    }

    public void Remove() => Exists = false;

    public void Add(PodRequest pod) => Count(pod, 1);

    public void Take(PodRequest pod) => Count(pod, -1);

    private void Count(PodRequest pod, int sign)
    {
        Accumulate(ref used, pod.Requests.Amounts, sign);
        Accumulate(ref assumedUsed, pod.AssumedRequests.Amounts, sign);
        foreach (var port in pod.HostPorts)
        {
            if (sign > 0)
            {
                ports.Add(port);
            }
            else
            {
                ports.Remove(port);
            }
        }
    }

    private static void Accumulate(ref long[] sum, ReadOnlySpan<long> amounts, int sign)
    {
        if (sum.Length < amounts.Length)
        {
            Array.Resize(ref sum, amounts.Length);
        }

        for (var i = 0; i < amounts.Length; i++)
        {
            sum[i] += sign * amounts[i];
        }
    }

    private static bool SameTaints(IReadOnlyList<V1Taint> one, IReadOnlyList<V1Taint> other) =>
        one.Count == other.Count && one.Zip(other).All(p => p.First.Key == p.Second.Key && p.First.Value == p.Second.Value && p.First.Effect == p.Second.Effect);

    private static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        ReferenceEquals(one, other) || (one.Count == other.Count && one.All(l => other.TryGetValue(l.Key, out var value) && value == l.Value));
}

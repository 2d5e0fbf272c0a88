using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using GrainKube.Scheduler.Pods;
using k8s.Models;

namespace GrainKube.Scheduler.Nodes;

/// <summary>A node with what is placed on it, assumed pods included. Belongs to one <see cref="NodeTable"/> and is changed only by it.</summary>
internal sealed class NodeState(string name)
{
    private static readonly Dictionary<string, long> NoImages = [];
    private long[] used = new long[4];
    private long[] assumedUsed = new long[4];
    private readonly List<HostPort> ports = [];
    private readonly Dictionary<string, PodRequest> pods = new(StringComparer.Ordinal);
    private readonly List<PodRequest> nominated = [];
    private readonly List<(int Priority, int Pods)> priorities = [];

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

    /// <summary>What is placed here, by uid.</summary>
    public IReadOnlyCollection<PodRequest> Pods => pods.Values;

    /// <summary>Pods that wait for room made for them here.</summary>
    public IReadOnlyList<PodRequest> Nominated => nominated;

    /// <summary>Images that are there already, by every name they have, and their sizes in bytes.</summary>
    public IReadOnlyDictionary<string, long> Images { get; private set; } = NoImages;

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
            || !SameTaints(taints, Taints) || !PodIdentity.SameLabels(item.Header.Labels, Labels);
        (Labels, Taints, Unschedulable, Allocatable, Exists) = (item.Header.Labels, taints, unschedulable, allocatable, true);
        Images = node.Status?.Images is { Count: > 0 } images ? ImagesOf(images) : NoImages;
        return changed;
    }

    public void Remove() => (Exists, Images) = (false, NoImages);

    /// <summary>Some pod here has a lower priority. Asked of every node for each pod that fits nowhere, so not by looking at its pods.</summary>
    public bool HasBelow(int priority)
    {
        foreach (var (present, _) in priorities)
        {
            if (present < priority)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(PodRequest pod)
    {
        pods[pod.Uid] = pod;
        CountPriority(pod.Priority, 1);
        Count(pod, 1);
    }

    public void Take(PodRequest pod)
    {
        pods.Remove(pod.Uid);
        CountPriority(pod.Priority, -1);
        Count(pod, -1);
    }

    public void Nominate(PodRequest pod) => nominated.Add(pod);

    public PodRequest Unnominate(string uid)
    {
        var pod = nominated.Find(p => p.Uid == uid) ?? throw new ArgumentException($"No room is kept for {uid} on {Name}", nameof(uid));
        nominated.Remove(pod);
        return pod;
    }

    /// <summary>Counts what a pod asks for as used (1), or no longer (-1), without saying that it is here: by itself only for what is tried in thought.</summary>
    public void Count(PodRequest pod, int sign)
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

    private void CountPriority(int priority, int sign)
    {
        var at = priorities.FindIndex(p => p.Priority == priority);
        if (at < 0)
        {
            priorities.Add((priority, sign));
        }
        else if (priorities[at].Pods + sign == 0)
        {
            priorities.RemoveAt(at);
        }
        else
        {
            priorities[at] = (priority, priorities[at].Pods + sign);
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

    private static Dictionary<string, long> ImagesOf(IEnumerable<V1ContainerImage> images)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var image in images)
        {
            foreach (var name in image.Names ?? [])
            {
                sizes[name] = image.SizeBytes ?? 0;
            }
        }

        return sizes;
    }

    private static bool SameTaints(IReadOnlyList<V1Taint> one, IReadOnlyList<V1Taint> other) =>
        one.Count == other.Count && one.Zip(other).All(p => p.First.Key == p.Second.Key && p.First.Value == p.Second.Value && p.First.Effect == p.Second.Effect);
}

using GrainKube.Scheduler.Affinity;

namespace GrainKube.Scheduler.Nodes;

/// <summary>All that rules of affinity and spreading can see of a pod. Pods of one controller mostly share it.</summary>
internal sealed class PodIdentity : IEquatable<PodIdentity>
{
    private readonly int hash;

    public PodIdentity(string ns, IReadOnlyDictionary<string, string> labels, bool isTerminating, PodAffinity affinity)
    {
        (Namespace, Labels, IsTerminating, Affinity) = (ns, labels, isTerminating, affinity);
        hash = HashCode.Combine(ns, isTerminating, affinity.Text);
        foreach (var (label, value) in labels)
        {
            hash ^= HashCode.Combine(label, value); // in any order
        }
    }

    public string Namespace { get; }
    public IReadOnlyDictionary<string, string> Labels { get; }
    public bool IsTerminating { get; }
    public PodAffinity Affinity { get; }

    public bool Equals(PodIdentity? other) =>
        other is not null && (ReferenceEquals(this, other) || (hash == other.hash && Namespace == other.Namespace && IsTerminating == other.IsTerminating
            && Affinity.Text == other.Affinity.Text && SameLabels(Labels, other.Labels)));

    public override bool Equals(object? obj) => Equals(obj as PodIdentity);

    public override int GetHashCode() => hash;

    public static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other)
    {
        if (ReferenceEquals(one, other))
        {
            return true;
        }

        if (one.Count != other.Count)
        {
            return false;
        }

        foreach (var (label, value) in one)
        {
            if (!other.TryGetValue(label, out var found) || found != value)
            {
                return false;
            }
        }

        return true;
    }
}

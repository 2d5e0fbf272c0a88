using GrainKube.Controllers.Deployments;
using k8s.Models;

namespace GrainKube.Controllers.StatefulSets;

/// <summary>What the spec of a stateful set says about numbers and order.</summary>
/// <param name="Replicas">Wanted pods.</param>
/// <param name="Start">The first ordinal.</param>
/// <param name="IsOrdered">One pod after the other, each when those before it are available; otherwise all at once.</param>
/// <param name="IsRolling">Old pods are replaced; otherwise they wait until somebody deletes them.</param>
/// <param name="Partition">Pods whose place is below this stay at the current revision; null where the spec says nothing about rolling.</param>
/// <param name="MaxUnavailable">How many pods a rolling update may make unavailable; at least one.</param>
internal sealed record StatefulSetRules(int Replicas, int Start, bool IsOrdered, bool IsRolling, int? Partition, int MaxUnavailable)
{
    public int End => Start + Replicas;

    public bool Contains(int ordinal) => ordinal >= Start && ordinal < End;

    public static StatefulSetRules Of(V1StatefulSetSpec spec)
    {
        var replicas = spec.Replicas ?? 1;
        var rolling = spec.UpdateStrategy?.RollingUpdate;
        return new StatefulSetRules(
            replicas,
            spec.Ordinals?.Start ?? 0,
            spec.PodManagementPolicy != "Parallel",
            spec.UpdateStrategy?.Type is not "OnDelete",
            rolling is null ? null : rolling.Partition ?? 0,
            Math.Max(1, IntOrPercent.Resolve(rolling?.MaxUnavailable, replicas, roundUp: true, "1")));
    }
}

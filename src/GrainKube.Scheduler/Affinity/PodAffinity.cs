using k8s;
using k8s.Models;

namespace GrainKube.Scheduler.Affinity;

/// <summary>A pod's affinity and anti-affinity to other pods.</summary>
internal sealed class PodAffinity
{
    public static PodAffinity None { get; } = new();

    private PodAffinity() { }

    /// <summary>All must be met.</summary>
    public AffinityTerm[] Required { get; private init; } = [];

    /// <summary>None may be met.</summary>
    public AffinityTerm[] RequiredAnti { get; private init; } = [];

    /// <summary>Affinity with positive, anti-affinity with negative weights.</summary>
    public AffinityTerm[] Preferred { get; private init; } = [];

    /// <summary>The same text says the same, within one namespace.</summary>
    public string Text { get; private init; } = "";

    public static PodAffinity Of(V1Affinity? affinity, string ns)
    {
        var (to, from) = (affinity?.PodAffinity, affinity?.PodAntiAffinity);
        if (to is null && from is null)
        {
            return None;
        }

        var made = new PodAffinity
        {
            Required = Terms(to?.RequiredDuringSchedulingIgnoredDuringExecution, ns),
            RequiredAnti = Terms(from?.RequiredDuringSchedulingIgnoredDuringExecution, ns),
            Preferred =
            [
                .. Weighted(to?.PreferredDuringSchedulingIgnoredDuringExecution, ns, 1),
                .. Weighted(from?.PreferredDuringSchedulingIgnoredDuringExecution, ns, -1),
            ],
            Text = KubernetesJson.Serialize(new V1Affinity { PodAffinity = to, PodAntiAffinity = from }),
        };
        return made.Required.Length + made.RequiredAnti.Length + made.Preferred.Length == 0 ? None : made;
    }

    private static AffinityTerm[] Terms(IList<V1PodAffinityTerm>? terms, string ns) => terms is null ? [] : [.. terms.Select(t => AffinityTerm.Of(t, ns))];

    private static IEnumerable<AffinityTerm> Weighted(IList<V1WeightedPodAffinityTerm>? terms, string ns, int sign) =>
        terms?.Select(t => AffinityTerm.Of(t.PodAffinityTerm, ns, sign * t.Weight)) ?? [];
}

using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Deployments;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Controllers.Disruption;

/// <summary>What a budget's status is to say. Pure.</summary>
/// <param name="Expected">How many pods there are to be.</param>
/// <param name="Desired">How many must be healthy.</param>
/// <param name="Healthy">How many are, without those on their way out.</param>
/// <param name="Allowed">How many may be evicted now.</param>
/// <param name="Disrupted">Evicted pods that are still there, and when they were evicted.</param>
/// <param name="Overdue">Pods that were evicted long ago and have not gone: they count again.</param>
/// <param name="WakeAfter">When the next evicted pod is overdue.</param>
internal sealed record BudgetPlan(
    int Expected, int Desired, int Healthy, int Allowed, IReadOnlyDictionary<string, DateTimeOffset> Disrupted, IReadOnlyList<KubeObject> Overdue, TimeSpan? WakeAfter)
{
    /// <summary>How long an evicted pod is taken for as good as gone before its deletion shows.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>True where the wanted number depends on the scale of what controls the pods.</summary>
    public static bool NeedsScale(V1PodDisruptionBudgetSpec spec) => spec.MaxUnavailable is not null || IsPercent(spec.MinAvailable);

    /// <param name="spec">The budget.</param>
    /// <param name="pods">The pods that it selects.</param>
    /// <param name="scale">Sum of the replicas that their controllers want; asked for only where <see cref="NeedsScale"/>.</param>
    /// <param name="disrupted">The evicted pods, as the status has them.</param>
    /// <param name="now">The time.</param>
    public static BudgetPlan For(
        V1PodDisruptionBudgetSpec spec, IReadOnlyList<KubeObject> pods, int scale, IReadOnlyDictionary<string, DateTimeOffset> disrupted, DateTimeOffset now)
    {
        var (expected, desired) = Wanted(spec, pods.Count, scale);
        var (going, overdue) = (new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal), new List<KubeObject>());
        var healthy = 0;
        TimeSpan? wake = null;
        foreach (var pod in pods)
        {
            var facts = PodFacts.Of(pod);
            if (facts.IsTerminating)
            {
                continue;
            }

            if (disrupted.TryGetValue(pod.Header.Name, out var since))
            {
                var left = since + Patience - now;
                if (left > TimeSpan.Zero)
                {
                    going[pod.Header.Name] = since;
                    wake = wake is null || left < wake ? left : wake;
                    continue;
                }

                overdue.Add(pod);
            }

            healthy += facts.IsReady ? 1 : 0;
        }

        var allowed = expected > 0 ? Math.Max(healthy - desired, 0) : 0;
        return new BudgetPlan(expected, desired, healthy, allowed, going, overdue, wake);
    }

    private static (int Expected, int Desired) Wanted(V1PodDisruptionBudgetSpec spec, int pods, int scale)
    {
        if (spec.MaxUnavailable is { } most)
        {
            return (scale, Math.Max(scale - IntOrPercent.Resolve(most, scale, roundUp: true, "0"), 0));
        }

        return spec.MinAvailable switch
        {
            null => (pods, 0),
            var least when IsPercent(least) => (scale, IntOrPercent.Resolve(least, scale, roundUp: true, "0")),
            var least => (pods, IntOrPercent.Resolve(least, pods, roundUp: true, "0")),
        };
    }

    private static bool IsPercent(IntOrString? value) => value?.Value?.EndsWith('%') == true;
}

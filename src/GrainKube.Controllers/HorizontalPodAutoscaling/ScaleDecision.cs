using k8s.Models;

namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>What becomes of a wish for replicas: windows steady it, rates and bounds limit it. Pure but for the history it is given.</summary>
/// <param name="Replicas">The number to set.</param>
/// <param name="Able">Reason and message of the condition AbleToScale.</param>
/// <param name="IsLimited">Status of ScalingLimited.</param>
/// <param name="Limited">Reason and message of ScalingLimited.</param>
internal sealed record ScaleDecision(int Replicas, (string Reason, string Message) Able, bool IsLimited, (string Reason, string Message) Limited)
{
    private const int DefaultWindow = 300;
    private static readonly (string, string) Within = ("DesiredWithinRange", "the desired count is within the acceptable range");
    private static readonly (string, string) TooFew = ("TooFewReplicas", "the desired replica count is less than the minimum replica count");
    private static readonly (string, string) TooMany = ("TooManyReplicas", "the desired replica count is more than the maximum replica count");
    private static readonly (string, string) TooFast = ("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate");
    private static readonly (string, string) TooFastDown = ("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate");

    public static ScaleDecision For(V2HorizontalPodAutoscalerSpec spec, int current, int wanted, ScaleHistory history, DateTimeOffset now)
    {
        var (steady, able) = Steady(spec.Behavior, current, wanted, history, now);
        history.Recommend(wanted, now);
        var (replicas, limited) = spec.Behavior is { } behavior ? ByRates(spec, behavior, current, steady, history, now) : ByBounds(spec, current, steady);
        return new ScaleDecision(replicas, able, replicas != steady, limited);
    }

    private static (int, (string, string)) Steady(V2HorizontalPodAutoscalerBehavior? behavior, int current, int wanted, ScaleHistory history, DateTimeOffset now)
    {
        var up = TimeSpan.FromSeconds(behavior?.ScaleUp?.StabilizationWindowSeconds ?? 0);
        var down = TimeSpan.FromSeconds(behavior?.ScaleDown?.StabilizationWindowSeconds ?? DefaultWindow);
        var least = history.Recommended(up, now).Append(wanted).Min();
        var most = history.Recommended(down, now).Append(wanted).Max();

        // Without behaviours there is one window, and it only holds back shrinking.
        var steady = behavior is null ? most : Math.Min(Math.Max(current, least), Math.Max(most, least));
        return steady == wanted ? (steady, ("ReadyForNewScale", "recommended size matches current size"))
            : behavior is not null && wanted >= current
                ? (steady, ("ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation"))
            : (steady, ("ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation"));
    }

    private static (int, (string, string)) ByBounds(V2HorizontalPodAutoscalerSpec spec, int current, int wanted)
    {
        var fastest = Math.Max(2 * current, 4);
        return wanted < (spec.MinReplicas ?? 1) ? (spec.MinReplicas ?? 1, TooFew)
            : wanted > Math.Min(fastest, spec.MaxReplicas) ? (Math.Min(fastest, spec.MaxReplicas), spec.MaxReplicas > fastest ? TooFast : TooMany)
            : (wanted, Within);
    }

    private static (int, (string, string)) ByRates(
        V2HorizontalPodAutoscalerSpec spec, V2HorizontalPodAutoscalerBehavior behavior, int current, int wanted, ScaleHistory history, DateTimeOffset now)
    {
        if (wanted > current)
        {
            var limit = Math.Max(current, Limit(behavior.ScaleUp, UpPolicies, up: true, current, history, now));
            return wanted <= Math.Min(limit, spec.MaxReplicas) ? (wanted, Within) : limit < spec.MaxReplicas ? (limit, TooFast) : (spec.MaxReplicas, TooMany);
        }

        if (wanted < current)
        {
            var limit = Math.Min(current, Limit(behavior.ScaleDown, DownPolicies, up: false, current, history, now));
            var least = spec.MinReplicas ?? 1;
            return wanted >= Math.Max(limit, least) ? (wanted, Within) : limit > least ? (limit, TooFastDown) : (least, TooFew);
        }

        return (wanted, Within);
    }

    private static IList<V2HPAScalingPolicy> UpPolicies =>
        [new() { Type = "Pods", Value = 4, PeriodSeconds = 15 }, new() { Type = "Percent", Value = 100, PeriodSeconds = 15 }];

    private static IList<V2HPAScalingPolicy> DownPolicies => [new() { Type = "Percent", Value = 100, PeriodSeconds = 15 }];

    /// <summary>How far the policies let it go: the one that changes most, or least, counts, as the rules select.</summary>
    private static int Limit(V2HPAScalingRules? rules, IList<V2HPAScalingPolicy> otherwise, bool up, int current, ScaleHistory history, DateTimeOffset now)
    {
        if (rules?.SelectPolicy == "Disabled")
        {
            return current;
        }

        var limits = (rules?.Policies is { Count: > 0 } own ? own : otherwise).Select(policy =>
        {
            var period = TimeSpan.FromSeconds(policy.PeriodSeconds);
            var start = current - history.Added(period, now) + history.Removed(period, now);
            return (policy.Type, up) switch
            {
                ("Pods", true) => start + policy.Value,
                ("Pods", false) => start - policy.Value,
                (_, true) => (int)Math.Ceiling(start * (1 + (policy.Value / 100.0))),
                (_, false) => (int)(start * (1 - (policy.Value / 100.0))),
            };
        });
        return up == (rules?.SelectPolicy != "Min") ? limits.Max() : limits.Min();
    }
}

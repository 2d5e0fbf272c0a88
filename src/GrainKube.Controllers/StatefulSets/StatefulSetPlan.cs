namespace GrainKube.Controllers.StatefulSets;

/// <summary>
/// The next step of a stateful set. Pure; the change that a step makes wakes the next one. First the pods that should be there, in order; once they are well, the ones too many, in
/// reverse order; then the update, in reverse order.
/// </summary>
/// <param name="Create">Pods to create now.</param>
/// <param name="Replace">Failed or succeeded pods to delete now; they are created again when they are gone.</param>
/// <param name="Delete">Pods to delete now: too many, or of an old revision.</param>
internal sealed record StatefulSetPlan(IReadOnlyList<NewStatefulPod> Create, IReadOnlyList<StatefulPod> Replace, IReadOnlyList<StatefulPod> Delete)
{
    private static readonly StatefulSetPlan Nothing = new([], [], []);

    /// <param name="rules">What the spec says.</param>
    /// <param name="currentReplicas"><c>status.currentReplicas</c> as it was last written.</param>
    /// <param name="update">Name of the update revision.</param>
    /// <param name="pods">The set's pods.</param>
    /// <param name="mayCreate">False for an ordinal whose claims still belong to a pod that was there before.</param>
    public static StatefulSetPlan For(StatefulSetRules rules, int currentReplicas, string update, IReadOnlyList<StatefulPod> pods, Func<int, bool> mayCreate)
    {
        var wanted = pods.Where(p => rules.Contains(p.Ordinal)).ToDictionary(p => p.Ordinal);
        var surplus = pods.Where(p => !rules.Contains(p.Ordinal)).OrderByDescending(p => p.Ordinal).ToList();
        var (settle, goOn) = Settle(rules, currentReplicas, wanted, mayCreate);
        if (!goOn)
        {
            return settle;
        }

        var (victims, updates) = ScaleDown(rules, wanted, surplus);
        return settle with { Delete = victims.Count > 0 || !updates ? victims : Update(rules, update, wanted) };
    }

    // Brings every wanted pod to life. Where the order counts, the first that is not well is the last that is looked at.
    private static (StatefulSetPlan Step, bool GoOn) Settle(StatefulSetRules rules, int currentReplicas, Dictionary<int, StatefulPod> wanted, Func<int, bool> mayCreate)
    {
        var (create, replace, goOn) = (new List<NewStatefulPod>(), new List<StatefulPod>(), true);
        for (var ordinal = rules.Start; ordinal < rules.End && (goOn || !rules.IsOrdered); ordinal++)
        {
            if (!wanted.TryGetValue(ordinal, out var pod))
            {
                if (mayCreate(ordinal))
                {
                    create.Add(new NewStatefulPod(ordinal, StaysCurrent(rules, currentReplicas, ordinal)));
                    goOn &= !rules.IsOrdered;
                }
                else
                {
                    goOn = false;
                }
            }
            else if (pod.IsFinished)
            {
                goOn = false;
                if (!pod.IsTerminating && pod.ReplaceableIn is null)
                {
                    replace.Add(pod);
                }
            }
            else if (rules.IsOrdered && (pod.IsTerminating || !pod.IsAvailable))
            {
                goOn = false;
            }
        }

        return (Nothing with { Create = create, Replace = replace }, goOn);
    }

    // In order, a pod goes when all above it are gone; one that is not well holds those above it, unless it is the lowest such pod of all.
    private static (IReadOnlyList<StatefulPod> Victims, bool Updates) ScaleDown(StatefulSetRules rules, Dictionary<int, StatefulPod> wanted, List<StatefulPod> surplus)
    {
        if (!rules.IsOrdered)
        {
            return ([.. surplus.Where(p => !p.IsTerminating)], true);
        }

        if (surplus.Count == 0)
        {
            return ([], true);
        }

        var last = surplus[0];
        var sick = wanted.Values.Concat(surplus).Where(p => !p.IsHealthy).MinBy(p => p.Ordinal);
        return last.IsTerminating || (!last.IsAvailable && !last.IsFinished && last != sick) ? ([], false) : ([last], false);
    }

    private static List<StatefulPod> Update(StatefulSetRules rules, string update, Dictionary<int, StatefulPod> wanted)
    {
        var victims = new List<StatefulPod>();
        if (!rules.IsRolling)
        {
            return victims;
        }

        // A pod that does not work goes without costing anything.
        var left = rules.MaxUnavailable - (rules.Replicas - wanted.Values.Count(p => p.IsAvailable && !p.IsTerminating));
        for (var ordinal = rules.End - 1; ordinal >= rules.Start + (rules.Partition ?? 0); ordinal--)
        {
            if (!wanted.TryGetValue(ordinal, out var pod) || pod.IsTerminating || pod.Revision == update)
            {
                continue;
            }

            if (!pod.IsAvailable)
            {
                victims.Add(pod);
            }
            else if (left > 0)
            {
                victims.Add(pod);
                left--;
            }
        }

        return victims;
    }

    private static bool StaysCurrent(StatefulSetRules rules, int currentReplicas, int ordinal) =>
        rules.IsRolling && ordinal < rules.Start + (rules.Partition ?? currentReplicas);
}

/// <param name="Ordinal">Which one.</param>
/// <param name="IsCurrent">It is to be of the current revision; otherwise of the update revision.</param>
internal readonly record struct NewStatefulPod(int Ordinal, bool IsCurrent);
